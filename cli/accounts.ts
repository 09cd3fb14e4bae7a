import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account, Config } from '#shared/config/schema.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Send } from '#shared/http/send.ts';
import type { NewNonce, ReadSecret } from '#shared/ports.ts';
import type { Connection, Provider } from '#shared/providers/provider.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { resolveSecrets, secretVariable } from '#shared/secrets.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { close, listen } from '../infra/local/listen.ts';
import { madeUpSecret } from '../infra/local/simulators/made-up-secret.ts';
import { simulators } from '../infra/local/simulators/registry.ts';
import { serveSimulator } from '../infra/local/simulators/serve.ts';
import { createMemoryJournal, type SimulatorOptions } from '../infra/local/simulators/simulator.ts';
import { CommandError, type Terminal } from './terminal.ts';

/** The account of this id and its provider. Throws CommandError naming the ids there are. */
export function findAccount(
  { accounts }: Pick<Config, 'accounts'>,
  id: string,
): { account: Account; provider: Provider } {
  const account = Object.hasOwn(accounts, id) ? accounts[id] : undefined;
  if (account === undefined) {
    const known = Object.keys(accounts).join(', ') || 'none';
    throw new CommandError(`There is no account "${id}" in the config; there are: ${known}.`);
  }
  return { account, provider: providerNamed(account.provider) };
}

/** Requests to this provider go to a simulator where it has one and no variable names another origin. */
function isSimulated(provider: Provider, env: Terminal['env']): boolean {
  return Object.hasOwn(simulators, provider.name) && givenOrigin(provider, env) === undefined;
}

/**
 * Connects an account for as long as `use` takes: to the origin that its provider's variable names, else to a simulator of its own
 * on a free port. Throws ConfigError naming the variable of a missing secret or the bad origin, and whatever `use` throws.
 */
export async function withConnection<Result>(
  id: string,
  config: Pick<Config, 'accounts'>,
  { env, warn }: Terminal,
  send: Send,
  use: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const { account, provider } = findAccount(config, id);
  const simulated = isSimulated(provider, env);
  if (simulated) {
    // Lest a simulator's answers be taken for the provider's own.
    warn(`${id} is simulated: set ${provider.originVariable}=${provider.origin} to ask ${provider.name} itself.`);
  }
  const resolved = await resolveSecrets(account, readSecretFrom(env, simulated));
  const connect = (origin: string) => use(provider.connect(resolved, { ...createPorts(), send, origin }));
  if (simulated) return withSimulator(provider.name, { [id]: resolved }, connect);
  return connect(givenOrigin(provider, env) ?? provider.origin ?? '');
}

/** Scheme and host that replace the provider's own. Throws ConfigError when the variable holds something else. */
function givenOrigin({ originVariable }: Provider, env: Terminal['env']): string | undefined {
  const given = originVariable === undefined ? undefined : env[originVariable];
  if (!given) return undefined;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new ConfigError(`${originVariable} must be an origin such as https://api.example`);
  }
  return new URL(given).origin;
}

function readSecretFrom(env: Terminal['env'], simulated: boolean): ReadSecret {
  return async (name) => {
    const variable = secretVariable(name);
    const value = env[variable] || (simulated ? madeUpSecret(name) : '');
    if (value === '') throw new ConfigError(`The secret "${name}" is not set: put its value into ${variable}.`);
    return value;
  };
}

/** What one command needs of the table lives and ends with it. */
function createPorts() {
  const newNonce: NewNonce = () => randomBytes(16).toString('hex');
  const own = { table: createMemoryTable(), clock: Date.now, newNonce, wait: (ms: number) => wait(ms) };
  return { ...own, tokens: createTokenStore(own), pace: createPaceStore(own) };
}

async function withSimulator<Result>(
  provider: string,
  accounts: SimulatorOptions['accounts'],
  use: (origin: string) => Promise<Result>,
): Promise<Result> {
  const create = simulators[provider];
  if (create === undefined) throw new Error(`there is no simulator of "${provider}"`);
  const random = () => randomInt(1_000_000_000, 2 ** 47);
  const { server } = serveSimulator(create({ accounts, clock: Date.now, journal: createMemoryJournal(), random }));
  const origin = await listen(server);
  try {
    return await use(origin);
  } finally {
    await close(server);
  }
}
