import { loadConfig } from '#shared/config/load-config.ts';
import type { Config } from '#shared/config/schema.ts';
import { ConfigError } from '#shared/errors.ts';
import { providers } from '#shared/providers/registry.ts';
import type { Terminal } from './terminal.ts';

type Words = { _: (string | number)[] };

/** What yargs calls for completions: `byYargs` leaves them to itself, `done` takes ours. It cannot wait. */
export type Completion = (current: string, words: Words, byYargs: () => void, done: (names: string[]) => void) => void;

/** Whether the shell asks for completions and not for a command to be run. */
export function isCompletion(args: string[]): boolean {
  return args[0] === '--get-yargs-completions';
}

/** Completes what yargs cannot know by itself: account ids, and the methods of an account's provider. */
export async function createCompletion(args: string[], { env }: Terminal): Promise<Completion> {
  const accounts = isCompletion(args) ? await readAccounts(env['RINGBACK_CONFIG']) : {};
  return (current, { _: words }, byYargs, done) => {
    const [, command, account] = words.map(String);
    const names = { 3: Object.keys(accounts), 4: methodsOf(accounts[account ?? '']?.provider) }[words.length];
    if (command !== 'call' || names === undefined) return byYargs();
    done(names.filter((name) => name.startsWith(current)));
  };
}

function methodsOf(provider: string | undefined): string[] {
  return providers.find(({ name }) => name === provider)?.methods.map(({ name }) => name) ?? [];
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
