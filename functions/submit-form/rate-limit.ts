import { createHash } from 'node:crypto';
import type { Clock } from '#shared/ports.ts';
import type { Counters } from '#shared/store/counters.ts';

export type Limit = { requests: number; perSeconds: number };

/** How many new leads one visitor's address may send to one form. */
export type RateLimit = {
  /** The first of an address that this process has seen in a while: nothing has to be asked. It counts all the same. */
  isFirst(form: string, address: string, limit: Limit): boolean;
  /** Counts one more. Resolves with the seconds until there is room again, undefined when there is. */
  count(form: string, address: string, limit: Limit): Promise<number | undefined>;
};

/** What this process knows of an address: how many it has let pass without counting them in the table, and whether the table said that it is enough. */
type Seen = { uncounted: number; isFull: boolean };

/** Addresses that a process remembers; of more than these the oldest are forgotten. */
const maxSeen = 10_000;

/**
 * Counts in windows of `perSeconds`. A visitor sends a form once, so the first of an address costs nothing: only from its second on is it
 * counted in the table, the first one included. So `requests` is exceeded by at most one for each process that runs at the time,
 * and an address that has had enough costs no more writes.
 */
export function createRateLimit({ counters, clock }: { counters: Counters; clock: Clock }): RateLimit {
  const seen = new Map<string, Seen>();

  function windowOf(form: string, address: string, { perSeconds }: Limit) {
    const length = perSeconds * 1000;
    const index = Math.floor(clock() / length);
    const name = createHash('sha256').update(JSON.stringify([form, networkOf(address), perSeconds, index]));
    return { key: `rate#${name.digest('hex').slice(0, 32)}`, endsAt: (index + 1) * length };
  }

  return {
    isFirst(form, address, limit) {
      const { key } = windowOf(form, address, limit);
      if (seen.has(key)) return false;
      seen.set(key, { uncounted: 1, isFull: false });
      const [oldest] = seen.keys();
      if (seen.size > maxSeen && oldest !== undefined) seen.delete(oldest);
      return true;
    },
    async count(form, address, limit) {
      const { key, endsAt } = windowOf(form, address, limit);
      const known = seen.get(key) ?? { uncounted: 0, isFull: false };
      seen.set(key, known);
      if (!known.isFull) {
        const amount = known.uncounted + 1;
        known.uncounted = 0;
        known.isFull = (await counters.add(key, amount, endsAt)) > limit.requests;
        if (!known.isFull) return undefined;
      }
      return Math.max(1, Math.ceil((endsAt - clock()) / 1000));
    },
  };
}

/** One visitor has a whole /64 of IPv6 addresses, so its first half counts. */
function networkOf(address: string): string {
  if (address.includes('.')) return address;
  const [head = '', tail] = address.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : Math.max(0, 8 - groups.length - tail.split(':').length);
  const whole = [...groups, ...Array<string>(missing).fill('0'), ...(tail ?? '').split(':')];
  return whole.slice(0, 4).join(':');
}
