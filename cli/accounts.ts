import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Account, Config } from '#shared/config/schema.ts';
import { resolveSecrets } from '#shared/config/secrets.ts';
import type { Send } from '#shared/http/send.ts';
import type { NewNonce } from '#shared/ports.ts';
import type { Connection, Provider } from '#shared/providers/provider.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { close, listen } from '../infra/local/listen.ts';
import { givenOrigin, isSimulated, readSecretFrom } from '../infra/local/provider-settings.ts';
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

/** What one command needs of the table lives and ends with it. */
function createPorts() {
  const newNonce: NewNonce = () => randomBytes(16).toString('hex');
  const own = { table: createMemoryTable(), clock: Date.now, newNonce, wait: (ms: number) => wait(ms) };
  return { ...own, tokens: createTokenStore(own), pace: createPaceStore(own), allowLoopback: true };
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
