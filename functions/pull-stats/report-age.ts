import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { PullStore } from '#shared/store/pulls.ts';

/**
 * Measures for how long no pull of an account has come to its end. Each provider's function looks at all accounts, so that one
 * whose schedule has fallen silent is told of by the others. An account that was never pulled is new, or its pull has failed.
 */
export async function reportAge(
  accounts: string[],
  { pulls, clock, log }: { pulls: Pick<PullStore, 'pulledAt'>; clock: Clock; log: Log },
): Promise<void> {
  const pulledAt = await Promise.all(accounts.map((account) => pulls.pulledAt(account)));
  const ages = pulledAt.map((at) => (at === undefined ? 0 : (clock() - at) / 1000));
  log('pulls begin', { accounts: accounts.length }, { StatsAgeSeconds: Math.max(0, ...ages) });
}
