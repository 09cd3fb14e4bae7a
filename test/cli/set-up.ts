import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { secretVariable } from '#shared/config/secrets.ts';
import { runRingback } from '../../cli/run-ringback.ts';
import { simulators } from '../../infra/local/simulators/registry.ts';
import { serveSimulator } from '../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../infra/local/simulators/simulator.ts';
import { listen } from '../support/listen.ts';

export type Result = { code: number | null; stdout: string; stderr: string };
type Env = Record<string, string>;

/** Runs a command within this process, through everything but the entry. */
export async function run(args: string[], env: Env, input = ''): Promise<Result> {
  const printed: string[] = [];
  const warned: string[] = [];
  const code = await runRingback(args, {
    env,
    print: (text) => void printed.push(`${text}\n`),
    warn: (text) => void warned.push(`${text}\n`),
    progress: () => {},
    readInput: async () => input,
  });
  return { code, stdout: printed.join(''), stderr: warned.join('') };
}

/** Runs a command as a person does, with nothing in its environment but this and the path. */
export async function runProcess(args: string[], env: Env = {}, input?: string): Promise<Result> {
  const path = { PATH: process.env['PATH'], SHELL: '/bin/bash' };
  const child = spawn(process.execPath, ['cli/ringback.ts', ...args], { env: { ...path, ...env } });
  if (input !== undefined) child.stdin.end(input);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.on('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

/** What the accounts of the config file below name as secrets, and the values that the simulators know. */
const secrets = {
  'main-key': 'eb2cee1bc1b8d1b6e4282486af09e078',
  'off-key': 'd41d8cd98f00b204e9800998ecf8427e',
  'calltouch-token': 'a-token-of-calltouch',
  'pozvonim-key': 'a-key-of-pozvonim',
};

const whash = '96d6ec6937c878c2ca1f889b9b9e865a';
const offWhash = '0cc175b9c0f1b6a831c399e269772661';
const [mainKey, offKey] = [{ secret: 'main-key' }, { secret: 'off-key' }];
const configured = {
  main: { provider: 'callkeeper', unique: 'acme', apiak: mainKey, whash },
  off: { provider: 'callkeeper', unique: 'acme', apiak: offKey, whash: offWhash },
  touch: { provider: 'calltouch', siteId: 12345, apiToken: { secret: 'calltouch-token' }, routeKey: 'callback' },
  pozvonim: { provider: 'pozvonim', uid: 17, apiKey: { secret: 'pozvonim-key' }, siteId: 3001 },
};

/** The account as its simulator knows it: secrets resolved, and the widget of `off` switched off. */
function simulatedAccount(id: string, account: Record<string, unknown>) {
  const entries = Object.entries(account).map(([key, value]) => {
    const name = (value as { secret?: keyof typeof secrets }).secret;
    return [key, name === undefined ? String(value) : secrets[name]];
  });
  return [id, { ...Object.fromEntries(entries), disabled: id === 'off' }] as const;
}

async function serveProvider(provider: string) {
  const create = simulators[provider];
  if (create === undefined) throw new Error(`no simulator of ${provider}`);
  const own = Object.entries(configured).filter(([, account]) => account.provider === provider);
  let lastId = 100_000;
  const simulator = create({
    accounts: Object.fromEntries(own.map(([id, account]) => simulatedAccount(id, account))),
    clock: Date.now,
    journal: createMemoryJournal(),
    random: () => ++lastId,
  });
  const { server, order: orderFault } = serveSimulator(simulator);
  return { simulator, orderFault, ...(await listen(server)) };
}

/** A config file with an account or two of each provider, all of them served over HTTP, and the environment that says where. */
export async function startProviders() {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-cli-'));
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify({ accounts: configured, forms: {} }));
  const [callkeeper, calltouch, pozvonim] = await Promise.all([
    serveProvider('callkeeper'),
    serveProvider('calltouch'),
    serveProvider('pozvonim'),
  ]);
  const origins = { CALLKEEPER_URL: callkeeper.origin, CALLTOUCH_URL: calltouch.origin, POZVONIM_URL: pozvonim.origin };
  const keys = Object.fromEntries(Object.entries(secrets).map(([name, value]) => [secretVariable(name), value]));
  return {
    config,
    env: { RINGBACK_CONFIG: config, ...origins, ...keys } as Env,
    callkeeper,
    calltouch,
    pozvonim,
    async close() {
      await Promise.all([callkeeper.close(), calltouch.close(), pozvonim.close()]);
      await rm(folder, { recursive: true });
    },
  };
}

export type Providers = Awaited<ReturnType<typeof startProviders>>;

/** Everything that must never be seen in what a command says. */
export const hidden = Object.values(secrets);
