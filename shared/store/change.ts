import type { NewNonce } from '../ports.ts';
import type { Row, Table } from './table.ts';

/** What a decision wants written: the new value and where the row stands in the indexes. */
export type Draft<Value> = Omit<Row<Value>, 'pk' | 'version' | 'writer'>;

const maxRounds = 50;

/**
 * Reads a row, lets `decide` say what it becomes, and writes that if nobody was faster; else reads again and decides anew.
 * `decide` must take its own earlier effect for done: a write whose answer was lost may have been followed by another's.
 * Resolves with the value as stored and whether this call wrote it. Throws when others are faster every time.
 */
export async function change<Value>(
  { table, newNonce }: { table: Table; newNonce: NewNonce },
  pk: string,
  decide: (current: Value | undefined) => Draft<Value> | undefined,
): Promise<{ value: Value | undefined; written: boolean }> {
  let writer: string | undefined;
  for (let round = 0; round < maxRounds; round++) {
    const current = (await table.get(pk)) as Row<Value> | undefined;
    if (current !== undefined && current.writer === writer) return { value: current.value, written: true };
    const draft = decide(current?.value);
    if (draft === undefined) return { value: current?.value, written: false };
    writer = newNonce();
    const row = { ...draft, pk, version: (current?.version ?? 0) + 1, writer };
    if (await table.put(row)) return { value: row.value, written: true };
  }
  throw new Error(`the row ${pk} was changed by others ${maxRounds} times in a row`);
}
