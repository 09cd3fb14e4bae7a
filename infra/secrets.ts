import type { Account, Config } from '#shared/config/schema.ts';
import { secretSchema } from '#shared/config/values.ts';

/** Name of the secret that an operator shows as bearer token. */
export const operatorToken = 'operator-token';

/** Name of the secret that keys the hashes of phones. */
export const phoneKey = 'phone-key';

/** Names of the secrets that these accounts refer to, sorted. */
export function secretsOf(accounts: Account[]): string[] {
  const secrets = accounts.flatMap((account) => Object.values(account).map((value) => secretSchema.safeParse(value)));
  return [...new Set(secrets.flatMap(({ data }) => data?.secret ?? []))].sort();
}

/** The accounts of one provider. */
export function accountsOf(config: Config, provider: string): Account[] {
  return Object.values(config.accounts).filter((account) => account.provider === provider);
}
