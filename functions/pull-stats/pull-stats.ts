import type { Config } from '#shared/config/schema.ts';
import { ConfigError, ProviderError, traceOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Clock, NewNonce } from '#shared/ports.ts';
import type { Connection, Provider } from '#shared/providers/provider.ts';
import { addDays, dayAt } from '#shared/stats/day.ts';
import type { PullMessage, SendPull } from '#shared/stats/pull-queue.ts';
import type { Pull, PullStore } from '#shared/store/pulls.ts';
import { createIsOwn } from './own-calls.ts';
import { type DayPorts, pullDay } from './pull-day.ts';

export type PullPorts = Omit<DayPorts, 'goOn'> & {
  provider: Pick<Provider, 'name' | 'listKey' | 'accountOf'>;
  config: Pick<Config, 'accounts' | 'stats'>;
  pulls: PullStore;
  /** Opens an account of this provider. `keep` is called before each of its requests. */
  connect: (account: string, keep: () => Promise<void>) => Promise<Connection>;
  sendPull: SendPull;
  clock: Clock;
  newNonce: NewNonce;
  log: Log;
};

/** A list longer than this is asked for in parts: parsed it takes several times as much memory. */
export const maxListBytes = 4 * 1024 * 1024;

/** Somebody else pulls this account now. */
const busyDelayMs = 2_000;
/** What a day's last steps may take, and what is left for them when a pull stops of itself. */
const marginMs = 60_000;

/** Another pull has taken the account over: it does all that is left. */
class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** The function's time is nearly over. */
class OutOfTimeError extends Error {
  override name = 'OutOfTimeError';
}

/**
 * Pulls an account's days, from where the last invocation left off, as long as there is time; then asks for the next invocation.
 * A message may come twice or late: one pull at a time, each day whole.
 */
export async function pullStats(message: PullMessage, remainingMs: () => number, ports: PullPorts): Promise<void> {
  const { pulls, sendPull, log } = ports;
  const pull = await pulls.get(message.id, message.account);
  if (pull === undefined || pull.state !== 'running') return;
  const owner = ports.newNonce();
  if (!(await pulls.lease(message.account, owner))) return sendPull(message, busyDelayMs);
  try {
    const isOver = await pullDays(message, pull, owner, remainingMs, ports);
    if (!isOver) await sendPull(message);
  } catch (error) {
    if (error instanceof LeaseLostError) return sendPull(message, busyDelayMs);
    const reason = reasonOf(error);
    await pulls.update(message.id, message.account, { state: 'failed', reason });
    log('statistics not pulled', { account: message.account, reason, error: traceOf(error) }, { FailedPulls: 1 });
  } finally {
    await pulls.release(message.account, owner);
  }
}

/** False when time ran out before the last day. */
async function pullDays(
  { id, account }: PullMessage,
  pull: Pull,
  owner: string,
  remainingMs: () => number,
  ports: PullPorts,
): Promise<boolean> {
  const { pulls, clock, config, log, provider } = ports;
  const keep = createKeep(account, owner, ports);
  const goOn = async () => {
    if (remainingMs() < marginMs / 2) throw new OutOfTimeError('a single day takes longer than a pull may');
    await keep();
  };
  const { listCalls } = await ports.connect(account, keep);
  if (listCalls === undefined) throw new ConfigError(`the account "${account}" lists no calls`);
  const isOwn = createIsOwn(provider, config.accounts, account);
  const firstUnsettled = addDays(dayAt(clock()), -config.stats.lookbackDays);
  const progress = { next: pull.next, calls: pull.calls, written: pull.written, kept: pull.kept };
  for (let done = 0; progress.next <= pull.to; done++) {
    if (done > 0 && remainingMs() < marginMs) return false;
    const day = progress.next;
    const partition = { provider: provider.name, account, date: day };
    const settled = day < firstUnsettled;
    const result = await pullDay(partition, { listCalls, isOwn, settled }, { ...ports, goOn });
    progress.next = addDays(day, 1);
    progress.calls += result.calls;
    progress.written += result.outcome === 'written' ? 1 : 0;
    if (result.outcome === 'kept') progress.kept = [...progress.kept, day];
    await pulls.update(id, account, progress);
    log('statistics pulled', { account, day, calls: result.calls, outcome: result.outcome });
  }
  const known = await pulls.pulledTo(account);
  // A window of long ago says nothing of the days between it and the last pull.
  if (known === undefined || pull.from <= addDays(known, 1)) await pulls.advance(account, pull.to);
  await pulls.update(id, account, { state: 'done' });
  return true;
}

/** Prolongs the lease, at most every few seconds. Throws LeaseLostError. */
function createKeep(account: string, owner: string, { pulls, clock }: PullPorts): () => Promise<void> {
  const everyMs = 10_000;
  let keptAt = clock();
  return async () => {
    if (clock() - keptAt < everyMs) return;
    keptAt = clock();
    if (!(await pulls.lease(account, owner))) throw new LeaseLostError('another pull has taken over');
  };
}

function reasonOf(error: unknown): string {
  const isForPeople = error instanceof ProviderError || error instanceof ConfigError || error instanceof OutOfTimeError;
  return isForPeople ? error.message : 'something went wrong on our side';
}
