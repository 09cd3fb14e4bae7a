import type { NewNonce } from '../ports.ts';
import type { Day } from '../stats/day.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** What is left to do for an erased lead in an account's exported days. */
export type Erasure = {
  lead: string;
  /** Keyed hash of its phone. */
  phone: string;
  /** The day that comes next, and the last one. */
  next: Day;
  to: Day;
};

/** By account, the erased leads whose persons are still to go from the exported days. */
export type ErasureStore = {
  /** Asks once for each lead. */
  ask(account: string, erasure: Erasure): Promise<void>;
  get(account: string): Promise<Erasure[]>;
  /** The day is done, of all that had it next; those that it was the last one of are gone. */
  endDay(account: string, day: Day, next: Day): Promise<void>;
};

export function createErasureStore(ports: { table: Table; newNonce: NewNonce }): ErasureStore {
  const keyOf = (account: string) => `erasures#${account}`;
  return {
    async ask(account, erasure) {
      await change<Erasure[]>(ports, keyOf(account), (asked = []) =>
        asked.some(({ lead }) => lead === erasure.lead) ? undefined : { value: [...asked, erasure] },
      );
    },
    async get(account) {
      return ((await ports.table.get(keyOf(account))) as Row<Erasure[]> | undefined)?.value ?? [];
    },
    async endDay(account, day, next) {
      await change<Erasure[]>(ports, keyOf(account), (asked = []) => ({
        value: asked
          .map((erasure) => (erasure.next === day ? { ...erasure, next } : erasure))
          .filter((erasure) => erasure.next <= erasure.to),
      }));
    },
  };
}
