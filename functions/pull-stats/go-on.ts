import type { Clock } from '#shared/ports.ts';
import type { PullStore } from '#shared/store/pulls.ts';

/** Another process has taken the account over: it does all that is left. */
export class LeaseLostError extends Error {
  override name = 'LeaseLostError';
}

/** The function's time is nearly over. */
export class OutOfTimeError extends Error {
  override name = 'OutOfTimeError';
}

/** What a day's last steps may take, and what is left for them when a pull stops of itself. */
export const marginMs = 60_000;
const everyMs = 10_000;

/** The right to work for an account, and the time that is left for it. */
export type Work = {
  account: string;
  /** Prolongs the lease, at most every few seconds. Throws LeaseLostError. */
  keep: () => Promise<void>;
  /** The same right before what must not be done once the account is another's, however long ago it was prolonged. */
  confirm: () => Promise<void>;
  /** `keep` between the steps of a day. Throws OutOfTimeError too. */
  goOn: () => Promise<void>;
  /** Whether there is time for one more day. */
  hasTime: () => boolean;
  hasTimeFor: (ms: number) => boolean;
};

export function createWork(
  account: string,
  owner: string,
  remainingMs: () => number,
  { pulls, clock }: { pulls: Pick<PullStore, 'lease'>; clock: Clock },
): Work {
  let keptAt = clock();
  const confirm = async () => {
    keptAt = clock();
    if (!(await pulls.lease(account, owner))) throw new LeaseLostError('another pull has taken over');
  };
  const keep = async () => {
    if (clock() - keptAt >= everyMs) await confirm();
  };
  return {
    account,
    keep,
    confirm,
    async goOn() {
      if (remainingMs() < marginMs / 2) throw new OutOfTimeError('a single day takes longer than a pull may');
      await keep();
    },
    hasTime: () => remainingMs() >= marginMs,
    hasTimeFor: (ms) => remainingMs() >= ms,
  };
}
