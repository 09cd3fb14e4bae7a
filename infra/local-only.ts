import type { Config } from '#shared/config/schema.ts';
import { ConfigError } from '#shared/errors.ts';
import { providerNamed } from '#shared/providers/registry.ts';

/** Refuses a deployment of accounts that are for one's own machine only. Throws ConfigError naming each and the reason. */
export function refuseLocalOnly({ accounts }: Pick<Config, 'accounts'>): void {
  const problems = Object.entries(accounts).flatMap(([id, account]) => {
    const problem = providerNamed(account.provider).localOnly?.(account);
    return problem === undefined ? [] : [`  accounts.${id}: ${problem}`];
  });
  if (problems.length > 0) throw new ConfigError(`this config can run on one machine only:\n${problems.join('\n')}`);
}
