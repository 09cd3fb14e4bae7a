import type { Config } from '#shared/config/schema.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { startPull } from '#shared/stats/pull-queue.ts';
import type { PullPorts } from './pull-stats.ts';
import { reportAge } from './report-age.ts';
import { type FundsPorts, reportFunds } from './report-funds.ts';

export type StartPorts = Omit<FundsPorts, 'connect'> &
  Pick<PullPorts, 'connect' | 'pulls' | 'sendPull'> & {
    config: Pick<Config, 'accounts' | 'stats'>;
    provider: Pick<PullPorts['provider'], 'name'>;
  };

/** What the schedule brings about: a pull of each account of this provider, and a look at what is measured but by nobody else. */
export async function startPulls(ports: StartPorts): Promise<void> {
  const { config, provider } = ports;
  const { lookbackDays } = config.stats;
  const listed = Object.entries(config.accounts).filter(([, account]) =>
    providerNamed(account.provider).hasStats(account),
  );
  const ids = (accounts: typeof listed) => accounts.map(([id]) => id);
  const own = ids(listed.filter(([, account]) => account.provider === provider.name));
  await reportAge(ids(listed), ports);
  for (const id of own) await startPull('schedule', id, {}, { ...ports, lookbackDays });
  for (const id of own) {
    await reportFunds(id, { ...ports, connect: (account) => ports.connect(account, async () => {}) });
  }
}
