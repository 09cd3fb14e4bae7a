import type { Clock, NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** An account that refused through a fault of its own. Times are milliseconds since 1970 UTC. */
export type Breaker = {
  reason: string;
  openedAt: number;
  /** From then on one lead may try whether the fault is mended. */
  probeAt: number;
};

/** `probe`: it is open, and it is this caller's turn to try. */
export type BreakerState = { state: 'closed' | 'probe' } | { state: 'open'; reason: string };

/** Keeps leads away from an account that would refuse them: its provider is not asked in vain, and the next account of the route rings at once. */
export type BreakerStore = {
  ask(account: string): Promise<BreakerState>;
  /** For a person to read: takes nobody's turn. Undefined: it is closed. */
  look(account: string): Promise<Breaker | undefined>;
  open(account: string, reason: string): Promise<void>;
  close(account: string): Promise<void>;
};

const probeEveryMs = 5 * 60_000;

/** How long a glance may not show yet what this process has written. */
const glanceLagMs = 10_000;

export function createBreakerStore(ports: { table: Table; newNonce: NewNonce; clock: Clock }): BreakerStore {
  const { table, clock } = ports;
  const keyOf = (account: string) => `breaker#${account}`;
  const look = async (account: string) => {
    const row = (await table.get(keyOf(account))) as Row<Breaker | null> | undefined;
    return row?.value ?? undefined;
  };
  /** When this process opened an account's breaker. */
  const openedHere = new Map<string, number>();
  /** Of a closed breaker a glance is proof enough: at worst the account refuses once more. But it may not send a lead away. */
  const mayBeOpen = async (account: string) => {
    if (clock() - (openedHere.get(account) ?? Number.NEGATIVE_INFINITY) < glanceLagMs) return true;
    return ((await table.glance(keyOf(account)))?.value ?? null) !== null;
  };
  return {
    look,
    async ask(account) {
      const breaker = (await mayBeOpen(account)) ? await look(account) : undefined;
      if (breaker === undefined) return { state: 'closed' };
      const { reason, probeAt } = breaker;
      if (clock() < probeAt) return { state: 'open', reason };
      const { written } = await change<Breaker | null>(ports, keyOf(account), (current) =>
        current && clock() >= current.probeAt ? { value: { ...current, probeAt: clock() + probeEveryMs } } : undefined,
      );
      return written ? { state: 'probe' } : { state: 'open', reason };
    },
    async open(account, reason) {
      openedHere.set(account, clock());
      await change<Breaker | null>(ports, keyOf(account), (current) => ({
        value: { reason, openedAt: current?.openedAt ?? clock(), probeAt: clock() + probeEveryMs },
      }));
    },
    async close(account) {
      await change<Breaker | null>(ports, keyOf(account), (current) => (current ? { value: null } : undefined));
    },
  };
}
