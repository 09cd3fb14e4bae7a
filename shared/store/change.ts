import type { NewNonce } from '../ports.ts';
import type { Row, Table } from './table.ts';

/** What a decision wants written: the new value and where the row stands in the indexes. */
export type Draft<Value> = Omit<Row<Value>, 'pk' | 'version' | 'writer'>;

/** A row as it was when it was last read or written; version 0: there was none. */
export type Seen<Value> = { value: Value | undefined; version: number };

const maxRounds = 50;

/** Tells the writers of one version of a row apart; short, for a lead has to stay small: see pack.ts. */
export function newWriter(newNonce: NewNonce): string {
  return newNonce().slice(0, 16);
}

/**
 * Reads a row, lets `decide` say what it becomes, and writes that if nobody was faster; else reads again and decides anew.
 * `decide` must take its own earlier effect for done: a write whose answer was lost may have been followed by another's.
 * Resolves with the row as stored and whether this call wrote it. Throws when others are faster every time.
 *
 * `seen` saves the first read. It may be outdated: it only counts if a write over its very version succeeds.
 */
export async function change<Value>(
  { table, newNonce }: { table: Table; newNonce: NewNonce },
  pk: string,
  decide: (current: Value | undefined) => Draft<Value> | undefined,
  seen?: Seen<Value>,
): Promise<Seen<Value> & { written: boolean }> {
  let writer: string | undefined;
  for (let round = 0; round < maxRounds; round++) {
    const guess = round === 0 ? seen : undefined;
    const row = guess ? undefined : ((await table.get(pk)) as Row<Value> | undefined);
    const current = guess ?? { value: row?.value, version: row?.version ?? 0 };
    if (row !== undefined && row.writer === writer) return { ...current, written: true };
    const draft = decide(current.value);
    if (draft === undefined) {
      if (guess) continue;
      return { ...current, written: false };
    }
    writer = newWriter(newNonce);
    const next = { ...draft, pk, version: current.version + 1, writer };
    if (await table.put(next)) return { value: next.value, version: next.version, written: true };
  }
  throw new Error(`the row ${pk} was changed by others ${maxRounds} times in a row`);
}
