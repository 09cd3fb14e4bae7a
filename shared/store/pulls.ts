import type { Clock, NewNonce } from '../ports.ts';
import type { Day } from '../stats/day.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** A pull of one account's statistics, day by day; times in milliseconds since 1970 UTC. */
export type Pull = {
  account: string;
  /** First and last day, both included. */
  from: Day;
  to: Day;
  /** The day that comes next: the ones before it are exported. */
  next: Day;
  state: 'running' | 'done' | 'failed';
  /** Why it failed. */
  reason: string | null;
  /** Calls and leads that the provider listed, and days of either whose files were written anew. */
  calls: number;
  leads: number;
  written: number;
  /** How many of the calls and leads bear no number that can be read; not there in pulls of before. */
  odd?: number;
  /** Days whose list had become shorter than the export long after: they stay as they were. */
  kept: Day[];
  /** Days that failed, though others did not; not there before the first one. */
  failed?: Day[];
  /** What came of the calls of the next day, where there was no time for its leads. */
  callsOfNext?: { records: number; odd: number; outcome: 'written' | 'unchanged' | 'kept' } | null;
  /** How often the time was over within the next day. */
  cutOffs?: number;
  startedAt: number;
  updatedAt: number;
};

/** What lasts between the pulls of an account: up to which day it is exported and since when, but for which, and who pulls right now, until when. */
type AccountState = { pulledTo?: Day; pulledAt?: number; failedDays?: Day[]; lease?: { owner: string; until: number } };

export type PullStore = {
  /** Starts a pull; one of that id that is under way goes on as it is. `isStuck`: it is new, or has not moved for as long as a lease, which nobody has. */
  start(id: string, window: { account: string; from: Day; to: Day }): Promise<{ pull: Pull; isStuck: boolean }>;
  get(id: string, account: string): Promise<Pull | undefined>;
  /** Those of these accounts that exist. */
  getMany(id: string, accounts: string[]): Promise<Pull[]>;
  update(id: string, account: string, progress: Partial<Pull>): Promise<void>;
  /** The last day that is exported together with all before it, but for `failedDays`; undefined before the first pull. */
  pulledTo(account: string): Promise<Day | undefined>;
  /** When that was last said, milliseconds since 1970 UTC. */
  pulledAt(account: string): Promise<number | undefined>;
  advance(account: string, pulledTo: Day): Promise<void>;
  /** Days that could not be pulled when they were last tried, oldest first. */
  failedDays(account: string): Promise<Day[]>;
  /** Remembers which days of a window failed; the others of it no longer do. */
  noteFailed(account: string, window: { from: Day; to: Day }, failed: readonly Day[]): Promise<void>;
  /** Makes this owner the only one who pulls the account, or prolongs that; false when another one does. */
  lease(account: string, owner: string): Promise<boolean>;
  release(account: string, owner: string): Promise<void>;
};

/** Whoever does not prolong it for so long has been cut off. */
export const leaseMs = 90_000;

const keptMs = 7 * 86_400_000;

/** Each is tried again with each schedule. */
const maxFailedDays = 50;

export function createPullStore(ports: { table: Table; clock: Clock; newNonce: NewNonce }): PullStore {
  const { table, clock } = ports;
  const pullKey = (id: string, account: string) => `pull#${id}#${account}`;
  const accountKey = (account: string) => `stats#${account}`;
  const stateOf = async (account: string): Promise<AccountState> =>
    ((await table.get(accountKey(account))) as Row<AccountState> | undefined)?.value ?? {};
  const draft = (pull: Pull) => ({ value: pull, expiresAt: clock() + keptMs });

  return {
    async start(id, { account, from, to }) {
      const { value, written } = await change<Pull>(ports, pullKey(id, account), (current) => {
        if (current?.state === 'running') return undefined;
        const counts = { calls: 0, leads: 0, written: 0, odd: 0, kept: [], startedAt: clock(), updatedAt: clock() };
        return draft({ account, from, to, next: from, state: 'running', reason: null, ...counts });
      });
      const pull = value as Pull;
      if (written || clock() - pull.updatedAt <= leaseMs) return { pull, isStuck: written };
      // Whoever has the lease is at work, and one message more would only wait with the others.
      const { lease } = await stateOf(account);
      return { pull, isStuck: lease === undefined || lease.until <= clock() };
    },
    async get(id, account) {
      return ((await table.get(pullKey(id, account))) as Row<Pull> | undefined)?.value;
    },
    async getMany(id, accounts) {
      const rows = await table.getMany(accounts.map((account) => pullKey(id, account)));
      return rows.map((row) => row.value as Pull);
    },
    async update(id, account, progress) {
      await change<Pull>(
        ports,
        pullKey(id, account),
        (current) => current && draft({ ...current, ...progress, updatedAt: clock() }),
      );
    },
    pulledTo: async (account) => (await stateOf(account)).pulledTo,
    pulledAt: async (account) => (await stateOf(account)).pulledAt,
    async advance(account, pulledTo) {
      await change<AccountState>(ports, accountKey(account), (current = {}) =>
        (current.pulledTo ?? '') > pulledTo ? undefined : { value: { ...current, pulledTo, pulledAt: clock() } },
      );
    },
    failedDays: async (account) => (await stateOf(account)).failedDays ?? [],
    async noteFailed(account, { from, to }, failed) {
      await change<AccountState>(ports, accountKey(account), (current = {}) => {
        const others = (current.failedDays ?? []).filter((day) => day < from || day > to);
        const failedDays = [...others, ...failed].sort().slice(-maxFailedDays);
        const isSame = failedDays.join() === (current.failedDays ?? []).join();
        return isSame ? undefined : { value: { ...current, failedDays } };
      });
    },
    async lease(account, owner) {
      const { value } = await change<AccountState>(ports, accountKey(account), (current = {}) => {
        const isFree = current.lease === undefined || current.lease.until <= clock() || current.lease.owner === owner;
        return isFree ? { value: { ...current, lease: { owner, until: clock() + leaseMs } } } : undefined;
      });
      return value?.lease?.owner === owner;
    },
    async release(account, owner) {
      await change<AccountState>(ports, accountKey(account), (current) => {
        if (current?.lease?.owner !== owner) return undefined;
        const { lease: _given, ...rest } = current;
        return { value: rest };
      });
    },
  };
}
