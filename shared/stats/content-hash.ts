import { createHash } from 'node:crypto';
import type { Cell, Columns } from './columns.ts';

type Cells = Readonly<Record<string, Cell>>;

export type ContentHash = { add(records: readonly Cells[]): void; digest(): string };

/** A hash of all that records say in these columns, in the order in which they are added. */
export function createContentHash(columns: Columns): ContentHash {
  const hash = createHash('sha256');
  const names = Object.keys(columns);
  return {
    add(records) {
      for (const record of records) hash.update(`${JSON.stringify(names.map((name) => record[name]))}\n`);
    },
    digest: () => hash.digest('hex'),
  };
}
