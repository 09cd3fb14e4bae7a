import type { Config } from '#shared/config/schema.ts';
import type { Provider } from '#shared/providers/provider.ts';
import type { ProviderCall } from '#shared/stats/call.ts';

/**
 * Which of the calls that an account lists are its own. Accounts with the same key list the same calls,
 * and the export has each call under one of them.
 */
export function createIsOwn(
  { name, listKey, accountOf }: Pick<Provider, 'name' | 'listKey' | 'accountOf'>,
  accounts: Config['accounts'],
  id: string,
): (call: ProviderCall) => boolean {
  const account = accounts[id];
  if (account === undefined || listKey === undefined || accountOf === undefined) return () => true;
  const same = Object.entries(accounts).filter(
    ([, other]) => other.provider === name && listKey(other) === listKey(account),
  );
  if (same.length < 2) return () => true;
  const sharers = Object.fromEntries(same);
  return (call) => accountOf(call, sharers) === id;
}
