import type { Config } from '#shared/config/schema.ts';
import type { Log } from '#shared/log.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createMemoryTable, queryRows } from '#shared/store/memory-table.ts';
import type { IndexQuery, Row, RowKey, Table } from '#shared/store/table.ts';
import { simulators as createSimulators } from '../../infra/local/simulators/registry.ts';
import {
  type CallRecord,
  createMemoryJournal,
  type Simulator,
  type SimulatorResponse,
} from '../../infra/local/simulators/simulator.ts';
import type { Ring } from './checker.ts';
import { createExchange, type NextFault } from './exchange.ts';
import { createQueue, type WorkOnBatch } from './queue.ts';
import { pageIn } from './scenario.ts';
import type { Process, World } from './world.ts';

/** How long a glance or an index may lag behind. */
const lagMs = 1_000;

export type Chances = {
  /** How far a function's clock is off: by this much, one way or the other. */
  skewMs: number;
  messageLost: () => number;
  messageTwice: () => number;
  http: NextFault;
  /** Hears of each call that a provider has accepted. */
  onCall?: (record: CallRecord) => void;
};

export type Platform = ReturnType<typeof createPlatform>;

/** What a design is run on: a table, queues and providers, all in the hands of the world. `accounts` have their secrets resolved. */
export function createPlatform(world: World, accounts: Config['accounts'], chances: Chances) {
  const rows = createMemoryTable();
  const replaced = new Map<string, { before: Row | undefined; at: number }>();
  const rings: Ring[] = [];
  // They count up: what is drawn must not depend on which design is played.
  const newCallId = () => 1_000_000_000 + rings.length;
  /** The attempts of whoever's request a provider is acting on. */
  let acting: Map<string, number> | undefined;
  const simulators = startSimulators(world, accounts, newCallId, (record) => {
    const { id, params } = record;
    const page = pageIn(params);
    rings.push({ callId: id, page, attempt: acting?.get(page) ?? 0 });
    world.note(() => `call ${id} rings for ${page}`);
    chances.onCall?.(record);
  });
  /** Every request that a provider acted on. */
  const requests: { provider: string; at: number }[] = [];
  const attempts = new WeakMap<Process, Map<string, number>>();
  let nonces = 0;

  /** Starts a function with a clock that is off, for at most `ms`. `onEnd` hears whether it came to its end. */
  function invoke(
    purpose: string,
    ms: number,
    work: (process: Process) => Promise<unknown>,
    onEnd: (isDone: boolean) => void = () => {},
  ): void {
    let hasEnded = false;
    const end = (isDone: boolean) => {
      if (!hasEnded) onEnd(isDone);
      hasEnded = true;
    };
    const skew = world.random() < 0.5 ? chances.skewMs : -chances.skewMs;
    const process = world.createProcess(purpose, skew, () => end(false));
    world.after(ms, () => process.kill());
    work(process).then(
      () => end(true),
      (error: unknown) => {
        judge({ status: 'rejected', reason: error });
        end(false);
      },
    );
  }

  /** Outages end a function as they would in the cloud; anything else is a bug of ours. */
  function judge(result: PromiseSettledResult<unknown>): void {
    if (result.status === 'rejected' && !isExpected(result.reason)) world.fail(result.reason);
  }

  /** A glance may show what a row was before its last write, or that it was not there. */
  function glanceAt(pk: string): Row | undefined {
    const last = replaced.get(pk);
    const isLagging = last !== undefined && world.now() - last.at < lagMs && world.random() < 0.5;
    return isLagging ? last.before : rows.rows.get(pk);
  }

  /** So may an index, for each row by itself. */
  function queryIndex(query: IndexQuery): RowKey[] {
    return queryRows(
      [...rows.rows.keys()].flatMap((pk) => glanceAt(pk) ?? []),
      query,
    );
  }

  function tableOf(process: Process, onWrite: (row: Parameters<Table['put']>[0]) => void = () => {}): Table {
    return {
      get: (pk) => process.reach('table read', () => rows.get(pk)),
      glance: (pk) => process.reach('table read', () => glanceAt(pk)),
      getMany: (pks) => process.reach('table read', () => rows.getMany(pks)),
      query: (query) => process.reach('table read', () => queryIndex(query)),
      put: (row) =>
        process.reach('table write', async () => {
          const before = await rows.get(row.pk);
          const written = await rows.put(row);
          if (written) replaced.set(row.pk, { before, at: world.now() });
          if (written) onWrite(row);
          return written;
        }),
    };
  }

  /** Writes down whom a request has made ring. The attempt is the one that was under way when the request left. */
  function watch(process: Process) {
    return (simulator: Simulator, act: () => SimulatorResponse) => {
      const current = attempts.get(process);
      return () => {
        requests.push({ provider: simulator.provider, at: world.now() });
        acting = current;
        return act();
      };
    };
  }

  return {
    rows,
    simulators,
    rings,
    requests,
    invoke,
    judge,
    tableOf,
    newNonce: () => `nonce-${++nonces}`,
    logOf:
      (process: Process): Log =>
      (event, details = {}, metrics = {}) =>
        world.note(() => `${process.name}: ${event} ${JSON.stringify({ ...details, ...metrics })}`),
    /** From now on what this process makes ring for this page belongs to that attempt. */
    beginAttempt(process: Process, page: string, attempt: number): void {
      attempts.set(process, new Map([...(attempts.get(process) ?? []), [page, attempt]]));
    },
    sendOf: (process: Process) =>
      createExchange({ world, process, simulators, nextFault: chances.http, onRequest: watch(process) }),
    queueOf(provider: string, work: WorkOnBatch, isLossy: boolean) {
      const { batchSize, maxConcurrency: concurrency = Number.POSITIVE_INFINITY } = providerNamed(provider);
      const copies = () =>
        isLossy && world.random() < chances.messageLost() ? 0 : world.random() < chances.messageTwice() ? 2 : 1;
      return createQueue(world, { batchSize, concurrency, copies, work });
    },
  };
}

/** The names of the providers that these accounts belong to. */
export function providersOf(accounts: Config['accounts']): string[] {
  return [...new Set(Object.values(accounts).map(({ provider }) => provider))];
}

function startSimulators(
  world: World,
  accounts: Config['accounts'],
  newCallId: () => number,
  onCall: (record: CallRecord) => void,
): Map<string, Simulator> {
  return new Map(
    providersOf(accounts).map((name) => {
      const create = createSimulators[name];
      if (create === undefined) throw new Error(`there is no simulator of ${name}`);
      const own = Object.entries(accounts).filter(([, account]) => account.provider === name);
      const { records, add } = createMemoryJournal();
      const journal = {
        records,
        add(record: CallRecord) {
          add(record);
          onCall(record);
        },
      };
      const options = {
        accounts: Object.fromEntries(own),
        clock: world.now,
        journal,
        random: newCallId,
      };
      return [name, create(options)];
    }),
  );
}

/** What a function may throw when the services around it fail, or when it is asked for what cannot be done any more. */
function isExpected(error: unknown): boolean {
  return (
    error instanceof Error &&
    ['SimulatedOutage', 'TokenWaitError', 'ProviderError', 'InvalidRequestError'].includes(error.name)
  );
}
