import type { Account, Config } from '#shared/config/schema.ts';
import { secretSchema } from '#shared/config/values.ts';

/** Names of the secrets that these accounts refer to, sorted. */
export function secretsOf(accounts: Account[]): string[] {
  const secrets = accounts.flatMap((account) => Object.values(account).map((value) => secretSchema.safeParse(value)));
  return [...new Set(secrets.flatMap(({ data }) => data?.secret ?? []))].sort();
}

/** The accounts of one provider. */
export function accountsOf(config: Config, provider: string): Account[] {
  return Object.values(config.accounts).filter((account) => account.provider === provider);
}
