import { loadConfig } from '#shared/config/load-config.ts';
import type { Config } from '#shared/config/schema.ts';
import { ConfigError } from '#shared/errors.ts';
import { providers } from '#shared/providers/registry.ts';
import type { Terminal } from './terminal.ts';

type Words = { _: (string | number)[] };
type Done = (completions: string[]) => void;

/** Completes what yargs cannot know by itself: account ids, and the methods of an account's provider. */
export function complete({ env }: Terminal) {
  return async (current: string, { _: words }: Words, byYargs: () => void, done: Done): Promise<void> => {
    const [, command, account, method] = words.map(String);
    if (command !== 'call' || current.startsWith('-')) return byYargs();
    const accounts = await readAccounts(env['RINGBACK_CONFIG']);
    if (words.length <= 3) return done(starting(current, Object.keys(accounts)));
    if (words.length > 4 || method === undefined) return byYargs();
    const provider = providers.find(({ name }) => name === accounts[account ?? '']?.provider);
    return done(starting(current, provider?.methods.map(({ name }) => name) ?? []));
  };
}

function starting(current: string, names: string[]): string[] {
  return names.filter((name) => name.startsWith(current));
}

async function readAccounts(path: string | undefined): Promise<Config['accounts']> {
  try {
    return (await loadConfig(path)).accounts;
  } catch (error) {
    // Between two keystrokes there is no place for an error: the command itself will name it.
    if (error instanceof ConfigError) return {};
    throw error;
  }
}
