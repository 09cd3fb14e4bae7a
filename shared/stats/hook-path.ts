import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * The last part of the address that an account's hooks are sent to: nobody finds it without the key of the phones' hashes, and it needs
 * no setting of its own. A new key makes new addresses.
 */
export function hookSecret(account: string, key: string): string {
  return createHmac('sha256', key).update(`hooks of ${account}`).digest('hex').slice(0, 40);
}

export function hookPath(account: string, key: string): string {
  return `/hooks/${account}/${hookSecret(account, key)}`;
}

/** Compares in constant time. */
export function isHookSecret(given: string, account: string, key: string): boolean {
  const digest = (text: string) => createHmac('sha256', key).update(text).digest();
  return timingSafeEqual(digest(given), digest(hookSecret(account, key)));
}
