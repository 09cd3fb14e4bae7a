import type { NewNonce } from '../ports.ts';
import { change } from './change.ts';
import { phoneHash } from './phones.ts';
import type { Row, Table } from './table.ts';

/** From the lead until it was erased, both included, milliseconds since 1970 UTC. */
export type Span = { from: number; until: number };

/** Phones whose leads were erased, by a keyed hash that stays: providers go on listing their calls. */
export type ErasedPhones = {
  /** Marks a phone for good; one that is marked already from the first to the last. */
  mark(phone: string, span: Span): Promise<void>;
  /** What makes the hash of a phone. */
  hasher(): Promise<(phone: string) => string>;
  /** Of up to 100 phones, those that are marked. */
  spansOf(phones: readonly string[]): Promise<Map<string, Span>>;
};

type Ports = { table: Table; newNonce: NewNonce; readKey: () => Promise<string> };

export function createErasedPhones({ table, newNonce, readKey }: Ports): ErasedPhones {
  const hasher = async () => {
    const key = await readKey();
    return (phone: string) => phoneHash(phone, key);
  };
  const keyOf = (hash: string) => `erased#${hash}`;
  return {
    hasher,
    async mark(phone, { from, until }) {
      const hashOf = await hasher();
      await change<Span>({ table, newNonce }, keyOf(hashOf(phone)), (known) => {
        const span = { from: Math.min(known?.from ?? from, from), until: Math.max(known?.until ?? until, until) };
        return span.from === known?.from && span.until === known.until ? undefined : { value: span };
      });
    },
    async spansOf(phones) {
      const hashOf = await hasher();
      const phoneOf = new Map(phones.map((phone) => [keyOf(hashOf(phone)), phone]));
      if (phoneOf.size === 0) return new Map();
      const rows = (await table.getMany([...phoneOf.keys()])) as Row<Span>[];
      return new Map(rows.map(({ pk, value }) => [phoneOf.get(pk) ?? '', value]));
    },
  };
}
