import type { ObjectStore } from '#shared/store/objects.ts';
import type { Table } from '#shared/store/table.ts';

/** A process that is killed after so many writes: from then on nothing that it does reaches table or bucket. */
export function mortal(objects: ObjectStore, table: Table, killAfter: number): { objects: ObjectStore; table: Table } {
  let left = killAfter;
  const alive = () => {
    if (left <= 0) throw new Error('killed');
  };
  const write = () => {
    alive();
    left--;
  };
  return {
    objects: {
      async put(...args) {
        write();
        return objects.put(...args);
      },
      async get(...args) {
        alive();
        return objects.get(...args);
      },
      async list(...args) {
        alive();
        return objects.list(...args);
      },
      async remove(...args) {
        write();
        return objects.remove(...args);
      },
    },
    table: {
      async get(...args) {
        alive();
        return table.get(...args);
      },
      async glance(...args) {
        alive();
        return table.glance(...args);
      },
      async getMany(...args) {
        alive();
        return table.getMany(...args);
      },
      async put(...args) {
        write();
        return table.put(...args);
      },
      async query(...args) {
        alive();
        return table.query(...args);
      },
    },
  };
}
