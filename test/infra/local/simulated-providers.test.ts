import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { openCallJournal } from '../../../infra/local/call-journal.ts';
import type { LocalEnv } from '../../../infra/local/provider-settings.ts';
import {
  type SimulatedProvider,
  simulatedLines,
  startSimulatedProviders,
} from '../../../infra/local/simulated-providers.ts';

const config = parseConfig({
  accounts: {
    sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-sales' } },
    adverts: { provider: 'calltouch', siteId: 12345, apiToken: { secret: 'calltouch-token' } },
  },
  forms: {},
});
const apiak = '0123456789abcdef0123456789abcdef';
const folder = mkdtempSync(join(tmpdir(), 'ringback-simulators-'));
const running: SimulatedProvider[] = [];

async function stopAll() {
  for (const provider of running.splice(0)) await provider.stop();
}
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true, force: true });
});

async function start(env: LocalEnv = { RINGBACK_SECRET_CALLKEEPER_SALES: apiak }) {
  const started = await startSimulatedProviders(config, env, folder, Date.now);
  running.push(...started);
  return started;
}

function order({ origin }: SimulatedProvider) {
  const params = { apiak, unique: 'acme', whash: 'w1', client: '79161234567' };
  return fetch(`${origin}/orderCall`, { method: 'POST', body: new URLSearchParams(params) });
}

test('starts those that have accounts', async () => {
  expect((await start()).map(({ simulator }) => simulator.provider)).toEqual(['callkeeper', 'calltouch']);
});

test('leaves out a provider whose origin is named', async () => {
  const started = await start({ CALLKEEPER_URL: 'https://api.callkeeper.example' });
  expect(started.map(({ simulator }) => simulator.provider)).toEqual(['calltouch']);
});

test('a call is remembered over a restart, the torn line of a killed host is not', async () => {
  const [first] = await start();
  if (first === undefined) throw new Error('no simulator');
  const answer = await order(first);
  expect(await answer.json()).toMatchObject([{ status: 'success' }]);
  const calls = first.simulator.calls();
  expect(calls).toHaveLength(1);
  await stopAll();
  appendFileSync(join(folder, 'callkeeper.ndjson'), '{"id":"1","acc');
  const [second] = await start();
  expect(second?.simulator.calls().map(({ id }) => id)).toEqual(calls.map(({ id }) => id));
  if (second === undefined) throw new Error('no simulator');
  await order(second);
  expect(openCallJournal(join(folder, 'callkeeper.ndjson')).records).toHaveLength(2);
});

test('a fault that was ordered hits the next request', async () => {
  const [callkeeper] = await start();
  if (callkeeper === undefined) throw new Error('no simulator');
  callkeeper.order('too-many');
  expect((await order(callkeeper)).status).toBe(429);
  expect((await order(callkeeper)).status).toBe(200);
});

test('each is told with the variable that leads the command line to it', async () => {
  const [callkeeper, calltouch] = await start();
  expect(simulatedLines(running)).toEqual([
    `simulated callkeeper ${callkeeper?.origin}, for the command line: CALLKEEPER_URL=${callkeeper?.origin}`,
    `simulated calltouch ${calltouch?.origin}, for the command line: CALLTOUCH_URL=${calltouch?.origin}`,
  ]);
});
