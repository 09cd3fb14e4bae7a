import type { Account, Config, Form } from '#shared/config/schema.ts';
import { secretSchema } from '#shared/config/values.ts';

/** Names of the secrets that these accounts, or captchas, refer to, sorted. */
export function secretsOf(holders: Record<string, unknown>[]): string[] {
  const secrets = holders.flatMap((holder) => Object.values(holder).map((value) => secretSchema.safeParse(value)));
  return [...new Set(secrets.flatMap(({ data }) => data?.secret ?? []))].sort();
}

/** The captchas that forms ask for. */
export function captchasOf({ forms }: Config): NonNullable<Form['captcha']>[] {
  return Object.values(forms).flatMap(({ captcha }) => captcha ?? []);
}

/** The accounts of one provider. */
export function accountsOf(config: Config, provider: string): Account[] {
  return Object.values(config.accounts).filter((account) => account.provider === provider);
}
