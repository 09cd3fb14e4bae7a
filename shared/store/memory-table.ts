import type { IndexQuery, Position, Row, RowKey, Table } from './table.ts';

/** The table without DynamoDB: the twin for tests and for the simulation, under the same contract tests. Rows are frozen, for nobody may change what is stored by changing what was read. */
export function createMemoryTable(): Table & { rows: Map<string, Row> } {
  const rows = new Map<string, Row>();
  return {
    rows,
    async get(pk) {
      return rows.get(pk);
    },
    async glance(pk) {
      return rows.get(pk);
    },
    async getMany(pks) {
      return pks.flatMap((pk) => rows.get(pk) ?? []);
    },
    async put(row) {
      if ((rows.get(row.pk)?.version ?? 0) !== row.version - 1) return false;
      rows.set(row.pk, frozenCopy(row));
      return true;
    },
    async query(query) {
      return queryRows([...rows.values()], query);
    },
  };
}

/** What an index that knows these rows answers. */
export function queryRows(rows: Row[], { index, partition, from, before, order, limit }: IndexQuery): RowKey[] {
  const inRange = (position: Position | undefined): position is Position =>
    position?.partition === partition &&
    (from === undefined || position.sort >= from) &&
    (before === undefined || position.sort < before);
  const direction = order === 'ascending' ? 1 : -1;
  return rows
    .flatMap((row) => (inRange(row[index]) ? [{ pk: row.pk, sort: row[index].sort }] : []))
    .sort((a, b) => (a.sort < b.sort ? -direction : direction))
    .slice(0, limit);
}

function frozenCopy<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  const copy = Array.isArray(value)
    ? value.map(frozenCopy)
    : Object.fromEntries(Object.entries(value).map(([name, part]) => [name, frozenCopy(part)]));
  return Object.freeze(copy) as Value;
}
