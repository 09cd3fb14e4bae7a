import type { ReadSecret } from '../ports.ts';
import type { Config } from './schema.ts';

/** Name of the secret that an operator shows as bearer token. */
export const operatorToken = 'operator-token';

/** Name of the secret that keys the hashes of phones. */
export const phoneKey = 'phone-key';

/** Names of all secrets that a deployment of this config reads, sorted. */
export function secretNames({ accounts, forms }: Pick<Config, 'accounts' | 'forms'>): string[] {
  const holders = [...Object.values(accounts), ...Object.values(forms).flatMap(({ captcha }) => captcha ?? [])];
  const named = holders.flatMap((holder) => Object.values(holder).flatMap((value) => secretName(value) ?? []));
  return [...new Set([...named, operatorToken, phoneKey])].sort();
}

/** The account with each `{secret: 'name'}` replaced by its value. Throws ConfigError naming the secret that is not set. */
export async function resolveSecrets(account: Record<string, unknown>, readSecret: ReadSecret) {
  const entries = Object.entries(account).map(async ([key, value]) => {
    const name = secretName(value);
    return [key, name === undefined ? value : await readSecret(name)] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

function secretName(value: unknown): string | undefined {
  return typeof value === 'object' && value !== null && 'secret' in value ? String(value.secret) : undefined;
}

/** Environment variable that holds a secret on one machine: `RINGBACK_SECRET_MAIN_KEY` for `main-key`. */
export function secretVariable(name: string): string {
  return `RINGBACK_SECRET_${name.toUpperCase().replaceAll('-', '_')}`;
}
