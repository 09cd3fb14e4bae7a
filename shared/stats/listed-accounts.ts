import type { Config } from '../config/schema.ts';
import { providerNamed } from '../providers/registry.ts';

/** The accounts whose calls can be listed. */
export function listedAccounts({ accounts }: Pick<Config, 'accounts'>): string[] {
  return Object.entries(accounts).flatMap(([id, account]) =>
    providerNamed(account.provider).hasStats(account) ? [id] : [],
  );
}
