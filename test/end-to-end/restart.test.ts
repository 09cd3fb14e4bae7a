import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createCallkeeperSimulator } from '../../infra/local/simulators/callkeeper.ts';
import { serveSimulator } from '../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../infra/local/simulators/simulator.ts';
import { listen } from '../support/listen.ts';
import { type RunningHost, startHost } from '../support/start-host.ts';
import { readLead, sendForm } from './local-host.ts';

const apiak = '0123456789abcdef0123456789abcdef';
const configFile = join(mkdtempSync(join(tmpdir(), 'ringback-restart-')), 'config.json');
const config = {
  accounts: { sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-sales' } } },
  forms: { callback: { name: 'Call me back', origins: ['https://acme.example'], call: ['sales'] } },
};
writeFileSync(configFile, JSON.stringify(config));

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

function dataFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-data-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  return folder;
}

async function start(settings: Record<string, string>): Promise<RunningHost> {
  const host = await startHost({ RINGBACK_CONFIG: configFile, ...settings });
  cleanups.push(() => host.stop());
  return host;
}

/** CallKeeper as something outside the host, which a kill of the host does not touch. */
async function startCallkeeper() {
  let calls = 1_000;
  const simulator = createCallkeeperSimulator({
    accounts: { sales: { ...config.accounts.sales, apiak } },
    clock: Date.now,
    journal: createMemoryJournal(),
    random: () => calls++,
  });
  const { server, order } = serveSimulator(simulator);
  const { origin, close } = await listen(server);
  cleanups.push(close);
  return { simulator, order, env: { CALLKEEPER_URL: origin, RINGBACK_SECRET_CALLKEEPER_SALES: apiak } };
}

/** Processes that are running; those that have ended and that nobody has asked about (Z) are not. */
function runningProcesses(): { pid: number; parent: number }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' }).trim().split('\n');
  return lines.flatMap((line) => {
    const [pid, parent, state = ''] = line.trim().split(/ +/);
    return state.startsWith('Z') ? [] : [{ pid: Number(pid), parent: Number(parent) }];
  });
}

test('a host killed right after its 202 rings the phone once when it is back, and leaves no process behind', async () => {
  const { simulator, order, env } = await startCallkeeper();
  const settings = { ...env, RINGBACK_DATA: dataFolder() };
  const first = await startHost({ RINGBACK_CONFIG: configFile, ...settings });
  const functions = runningProcesses().filter(({ parent }) => parent === first.pid);
  expect(functions.length).toBeGreaterThan(3);
  // Whatever the first host still gets done, it does not get the call placed.
  order('too-many');
  const { status, id } = await sendForm(first.origin, { phone: '+79160000001' });
  await first.kill();
  expect(status).toBe(202);
  const pids = functions.map(({ pid }) => pid);
  await expect.poll(() => runningProcesses().filter(({ pid }) => pids.includes(pid)), { timeout: 5_000 }).toEqual([]);
  expect(simulator.calls()).toEqual([]);

  const second = await start(settings);
  await expect.poll(async () => (await readLead(second.origin, id)).state, { timeout: 60_000 }).toBe('done');
  expect(simulator.calls().map(({ client }) => client)).toEqual(['79160000001']);
}, 120_000);

test('what has rung before a kill is known afterwards, and does not ring again', async () => {
  const settings = { RINGBACK_DATA: dataFolder() };
  const first = await startHost({ RINGBACK_CONFIG: configFile, ...settings });
  const { id } = await sendForm(first.origin, { phone: '+79160000002', _key: 'one-key-over-a-restart' });
  await expect.poll(async () => (await readLead(first.origin, id)).state).toBe('done');
  await first.kill();

  const second = await start(settings);
  const again = await sendForm(second.origin, { phone: '+79160000002', _key: 'one-key-over-a-restart' });
  expect(again).toEqual({ status: 202, id, replayed: 'true' });
  const [delivery] = (await readLead(second.origin, id)).deliveries;
  const { calls } = (await (await fetch(`${second.origin}/_local/state`)).json()) as { calls: { id: string }[] };
  expect(calls.map((call) => call.id)).toEqual([delivery?.providerId]);
}, 120_000);

test('a form that is taken out of the config leaves its leads in the list', async () => {
  const settings = { RINGBACK_DATA: dataFolder() };
  const first = await startHost({ RINGBACK_CONFIG: configFile, ...settings });
  const { id } = await sendForm(first.origin, { phone: '+79160000003' });
  // The sweeper, which remembers the forms, runs ten seconds after the start.
  await wait(15_000);
  await first.kill();

  const renamed = join(dataFolder(), 'renamed.json');
  writeFileSync(renamed, JSON.stringify({ ...config, forms: { order: config.forms.callback } }));
  const second = await start({ ...settings, RINGBACK_CONFIG: renamed });
  const list = await fetch(`${second.origin}/api/leads`, { headers: { authorization: 'Bearer local' } });
  expect(((await list.json()) as { leads: object[] }).leads).toMatchObject([{ id, form: 'callback' }]);
}, 120_000);

test('says what to do when it cannot start', async () => {
  const { origin } = await start({});
  await expect(startHost({ RINGBACK_CONFIG: configFile, PORT: new URL(origin).port })).rejects.toThrow(
    /ended with 1 .*\n.*port \d+ is in use/,
  );
  await expect(startHost({ RINGBACK_CONFIG: configFile, CALLKEEPER_URL: 'http://127.0.0.1:9' })).rejects.toThrow(
    /ended with 1 .*\n.*RINGBACK_SECRET_CALLKEEPER_SALES/,
  );
  const wrong = join(dataFolder(), 'wrong.json');
  writeFileSync(
    wrong,
    JSON.stringify({ ...config, forms: { callback: { ...config.forms.callback, call: ['gone'] } } }),
  );
  await expect(startHost({ RINGBACK_CONFIG: wrong })).rejects.toThrow(
    /ended with 1 .*\n.*wrong\.json is wrong:\n {2}forms\.callback\.call\.0: there is no account "gone"/,
  );
}, 120_000);
