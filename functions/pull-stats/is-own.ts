import type { Config } from '#shared/config/schema.ts';
import type { Provider } from '#shared/providers/provider.ts';

/**
 * Which of the calls and leads that an account lists are its own. Accounts with the same key or site list the same,
 * and the export has each record under one of those that are pulled.
 */
export function createIsOwn(
  { name, listKey, accountOf, hasStats }: Pick<Provider, 'name' | 'listKey' | 'accountOf' | 'hasStats'>,
  accounts: Config['accounts'],
  id: string,
): (listed: { raw: string }) => boolean {
  const account = accounts[id];
  if (account === undefined || listKey === undefined || accountOf === undefined) return () => true;
  const same = Object.entries(accounts).filter(
    ([, other]) => other.provider === name && hasStats(other) && listKey(other) === listKey(account),
  );
  if (same.length < 2) return () => true;
  const sharers = Object.fromEntries(same);
  return (listed) => accountOf(listed, sharers) === id;
}
