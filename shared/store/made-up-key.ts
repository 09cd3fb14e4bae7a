import type { NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Table } from './table.ts';

/**
 * A key that nobody sets or knows: the first function that needs it makes it up and puts it into the table under this name, where the
 * others find it, once for each process.
 */
export function createMadeUpKey(ports: { table: Table; newNonce: NewNonce }, name: string): () => Promise<string> {
  let key: string | undefined;
  return async () => {
    if (key !== undefined) return key;
    const { value = '' } = await change<string>(ports, name, (current) =>
      current === undefined ? { value: ports.newNonce() } : undefined,
    );
    key = value;
    return value;
  };
}
