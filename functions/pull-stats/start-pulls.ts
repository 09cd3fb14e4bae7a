import type { Config } from '#shared/config/schema.ts';
import { listedAccounts } from '#shared/stats/listed-accounts.ts';
import { startPull } from '#shared/stats/pull-queue.ts';
import type { PullPorts } from './pull-stats.ts';
import { reportAge } from './report-age.ts';
import { type FundsPorts, reportFunds } from './report-funds.ts';

export type StartPorts = Omit<FundsPorts, 'connect'> &
  Pick<PullPorts, 'connect' | 'pulls' | 'sendPull'> & {
    config: Pick<Config, 'accounts' | 'stats'>;
    provider: Pick<PullPorts['provider'], 'name'>;
  };

/** What the schedule brings about: a pull of each account of this provider and of its days that failed before, and a look at what is measured but by nobody else. */
export async function startPulls(ports: StartPorts): Promise<void> {
  const { config, provider } = ports;
  const { lookbackDays } = config.stats;
  const listed = listedAccounts(config);
  const own = listed.filter((id) => config.accounts[id]?.provider === provider.name);
  await reportAge(listed, ports);
  for (const id of own) {
    const { from } = await startPull('schedule', id, {}, { ...ports, lookbackDays });
    const left = (await ports.pulls.failedDays(id)).filter((day) => day < from);
    for (const day of left) await startPull(`again-${day}`, id, { from: day, to: day }, { ...ports, lookbackDays });
  }
  for (const id of own) {
    await reportFunds(id, { ...ports, connect: (account) => ports.connect(account, async () => {}) });
  }
}
