import { createHmac } from 'node:crypto';
import type { Clock, NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** A lead that was let through to ring this phone. `at` is when, in milliseconds since 1970 UTC. */
export type Admission = {
  lead: string;
  form: string;
  at: number;
  /** When it was sent, if its key is no more than the ten-minute window; else null. */
  windowFrom: number | null;
};

export type Verdict = 'admitted' | 'too-many' | 'duplicate';

/** Who may ring which phone: counted over the whole deployment, by a keyed hash, before any claim. */
export type PhoneGuard = {
  /**
   * Lets a lead through unless `limit.calls` other leads rang this phone in the last `limit.perHours`.
   * A lead that was let through once stays so. Of two that only their windows tell apart, the second is a duplicate:
   * here the race between two posts at a window's edge ends.
   */
  admit(phone: string, lead: Omit<Admission, 'at'>, limit: { calls: number; perHours: number }): Promise<Verdict>;
  /** Leads let through to this phone within the last eight days, at least. */
  admitted(phone: string): Promise<Admission[]>;
  /** The same of up to 100 phones at once, those that any lead was let through to. */
  admittedTo(phones: readonly string[]): Promise<Map<string, Admission[]>>;
};

const hourMs = 60 * 60_000;
const windowMs = 10 * 60_000;
/** A call may be deferred for the better part of a week; until then nobody else may be given it. */
const minKeptMs = 8 * 24 * hourMs;

type Ports = {
  table: Table;
  newNonce: NewNonce;
  clock: Clock;
  /** Key of the hash. */
  readKey: () => Promise<string>;
};

export function createPhoneGuard({ table, newNonce, clock, readKey }: Ports): PhoneGuard {
  const keyOf = async (phone: string) => `phone#${phoneHash(phone, await readKey())}`;
  return {
    async admit(phone, lead, limit) {
      let verdict: Verdict = 'admitted';
      const decide = (known: Admission[] = []) => {
        const now = clock();
        const keptMs = Math.max(minKeptMs, limit.perHours * hourMs);
        const recent = known.filter(({ at }) => now - at < keptMs);
        verdict = judge(recent, lead, limit, now);
        const isNew = verdict === 'admitted' && !recent.some((other) => other.lead === lead.lead);
        return isNew ? { value: [...recent, { ...lead, at: now }], expiresAt: now + keptMs } : undefined;
      };
      // Most phones are new, so that this one write is all.
      await change({ table, newNonce }, await keyOf(phone), decide, { value: undefined, version: 0 });
      return verdict;
    },
    async admitted(phone) {
      const row = (await table.get(await keyOf(phone))) as Row<Admission[]> | undefined;
      return row?.value ?? [];
    },
    async admittedTo(phones) {
      const key = await readKey();
      const phoneOf = new Map(phones.map((phone) => [`phone#${phoneHash(phone, key)}`, phone]));
      if (phoneOf.size === 0) return new Map();
      const rows = (await table.getMany([...phoneOf.keys()])) as Row<Admission[]>[];
      return new Map(rows.map(({ pk, value }) => [phoneOf.get(pk) ?? '', value]));
    },
  };
}

/** Without the key nobody can tell phones from a copy of the table. */
export function phoneHash(phone: string, key: string): string {
  return createHmac('sha256', key).update(phone).digest('hex');
}

function judge(
  recent: Admission[],
  lead: Omit<Admission, 'at'>,
  limit: { calls: number; perHours: number },
  now: number,
): Verdict {
  if (recent.some((other) => other.lead === lead.lead)) return 'admitted';
  if (recent.some((other) => other.form === lead.form && isSameWindow(other, lead))) return 'duplicate';
  const counted = recent.filter(({ at }) => now - at < limit.perHours * hourMs);
  return counted.length >= limit.calls ? 'too-many' : 'admitted';
}

function isSameWindow(a: Omit<Admission, 'at'>, b: Omit<Admission, 'at'>): boolean {
  return a.windowFrom !== null && b.windowFrom !== null && Math.abs(a.windowFrom - b.windowFrom) < windowMs;
}
