import { traceOf } from '#shared/errors.ts';
import type { NewNonce } from '#shared/ports.ts';
import type { PullMessage, SendPull } from '#shared/stats/pull-queue.ts';
import type { Pull } from '#shared/store/pulls.ts';
import { type EraseDaysPorts, eraseDays } from './erase-days.ts';
import { reasonOf } from './failure.ts';
import { createWork, LeaseLostError, type Work } from './go-on.ts';
import { type PullDaysPorts, pullDays } from './pull-days.ts';

export type PullPorts = PullDaysPorts &
  Omit<EraseDaysPorts, 'goOn' | 'confirm'> & { sendPull: SendPull; newNonce: NewNonce };

/** A list longer than this is asked for in parts: parsed it takes several times as much memory. */
export const maxListBytes = 4 * 1024 * 1024;

/** Somebody else works for this account now. */
const busyDelayMs = 2_000;

/**
 * Takes the persons of erased leads out of an account's exported days, then pulls the days of a pull from where the last invocation left
 * off, as long as there is time; then asks for the next invocation. A message may come twice or late: one process for an account at a
 * time, each day whole.
 */
export async function pullStats(message: PullMessage, remainingMs: () => number, ports: PullPorts): Promise<void> {
  const { pulls, sendPull } = ports;
  const { id, account } = message;
  const readPull = async () => (id === undefined ? undefined : pulls.get(id, account));
  if (id !== undefined && (await readPull())?.state !== 'running') return;
  const owner = ports.newNonce();
  if (!(await pulls.lease(account, owner))) return sendPull(message, busyDelayMs);
  const work = createWork(account, owner, remainingMs, ports);
  try {
    let isOver = await erase(work, ports);
    // Another message may have brought it further until the lease was free.
    const pull = await readPull();
    if (isOver && id !== undefined && pull?.state === 'running') isOver = await carryOn(id, pull, work, ports);
    if (!isOver) await sendPull(message);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
    await sendPull(message, busyDelayMs);
  } finally {
    await pulls.release(account, owner);
  }
}

/** What fails here is tried again by the next schedule, and keeps no call from being pulled. False when time ran out. */
async function erase({ account, hasTime, goOn, confirm }: Work, ports: PullPorts): Promise<boolean> {
  try {
    return await eraseDays({ provider: ports.provider.name, account }, hasTime, { ...ports, goOn, confirm });
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    ports.log('erased leads are still in the statistics', { account, error: traceOf(error) }, { FailedPulls: 1 });
    return true;
  }
}

/** False when time ran out. What concerns more than one day ends the pull. */
async function carryOn(id: string, pull: Pull, work: Work, ports: PullPorts): Promise<boolean> {
  const { account } = pull;
  try {
    return await pullDays(id, pull, work, ports);
  } catch (error) {
    if (error instanceof LeaseLostError) throw error;
    const reason = reasonOf(error);
    await ports.pulls.update(id, account, { state: 'failed', reason });
    ports.log('statistics not pulled', { account, reason, error: traceOf(error) }, { FailedPulls: 1 });
    return true;
  }
}
