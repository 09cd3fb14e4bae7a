import { ConfigError, ProviderError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { Connection } from '#shared/providers/provider.ts';
import { countDays, dayAt } from '#shared/stats/day.ts';
import type { FundsStore } from '#shared/store/funds.ts';

export type FundsPorts = {
  connect: (account: string) => Promise<Pick<Connection, 'readFunds'>>;
  funds: Pick<FundsStore, 'keep'>;
  clock: Clock;
  log: Log;
};

/**
 * Asks what the account has left, for the alarms and the console. Where its provider cannot be asked, what was known stays:
 * the pull, which asks the same provider, tells of that.
 */
export async function reportFunds(account: string, { connect, funds, clock, log }: FundsPorts): Promise<void> {
  try {
    const { readFunds } = await connect(account);
    if (readFunds === undefined) return;
    const { minutesLeft, paidTill } = await readFunds();
    await funds.keep(account, { minutesLeft, paidTill });
    log(
      'funds read',
      { account },
      {
        ...(minutesLeft === null ? {} : { MinutesLeft: minutesLeft }),
        ...(paidTill === null ? {} : { PaidDaysLeft: daysUntil(paidTill, clock()) }),
      },
    );
  } catch (error) {
    if (!(error instanceof ProviderError) && !(error instanceof ConfigError)) throw error;
    log('funds not read', { account, reason: error.message });
  }
}

/** 0 on the last paid day, below that afterwards: a period ends with its day. */
function daysUntil(paidTill: number, now: number): number {
  return countDays(dayAt(now), dayAt(paidTill)) - 1;
}
