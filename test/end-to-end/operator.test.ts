import { createServer } from 'node:http';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import { simulators } from '../../infra/local/simulators/registry.ts';
import { serveSimulator } from '../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../infra/local/simulators/simulator.ts';
import { startBrowser } from '../support/browser.ts';
import { listen } from '../support/listen.ts';
import { type Deployment, deploy, readLead, sendForm } from './local-host.ts';

const slow = 60_000;
const apiak = 'a-key-of-callkeeper';
const account = { provider: 'callkeeper', unique: 'acme', whash: '96d6ec6937c878c2ca1f889b9b9e865a' };
const form = { name: 'Call me back', origins: ['https://acme.example'], call: ['main'] };

/** CallKeeper with the account's widget switched off, until somebody switches it on. */
function createProvider() {
  let lastId = 100_000;
  const create = (disabled: boolean) => {
    const accounts = { main: { ...account, apiak, disabled } };
    const options = { accounts, clock: Date.now, journal: createMemoryJournal(), random: () => ++lastId };
    const simulator = (simulators['callkeeper'] as (typeof simulators)[string])(options);
    return { simulator, server: serveSimulator(simulator).server };
  };
  const [off, on] = [create(true), create(false)];
  let current = off;
  let requests = 0;
  const server = createServer((request, response) => {
    requests++;
    current.server.emit('request', request, response);
  });
  return {
    server,
    calls: () => [...off.simulator.calls(), ...on.simulator.calls()],
    requests: () => requests,
    mend() {
      current = on;
    },
  };
}

const provider = createProvider();
let served: Awaited<ReturnType<typeof listen>>;
let deployment: Deployment;
let host: Host;
let browser: Browser;

beforeAll(async () => {
  served = await listen(provider.server);
  const config = {
    accounts: { main: { ...account, apiak: { secret: 'callkeeper-key' } } },
    forms: { callback: form, rehearsed: { ...form, rehearse: true } },
  };
  const env = { CALLKEEPER_URL: served.origin, RINGBACK_SECRET_CALLKEEPER_KEY: apiak };
  deployment = await deploy(config, env);
  [host, browser] = await Promise.all([deployment.start(), startBrowser()]);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.clean();
  await served?.close();
});

const stateOf = (id: string) => async () => (await readLead(host.url, id)).deliveries[0]?.state;
const ask = (path: string, method = 'GET', token = 'local') =>
  fetch(`${host.url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });

test('a rehearsal goes through form, table, queue and function, and no provider sees anything', {
  timeout: slow,
}, async () => {
  const { id } = await sendForm(host.url, { phone: '+7 999 000-00-10' }, {}, 'rehearsed');
  await expect.poll(stateOf(id), { timeout: slow / 2 }).toBe('PLACED');
  expect((await readLead(host.url, id)).deliveries[0]).toMatchObject({ providerId: 'rehearsal', attempts: 1 });
  expect(provider.requests()).toBe(0);
});

test('from attention over release to PLACED, on the page', { timeout: slow }, async () => {
  const { id } = await sendForm(host.url, { phone: '+7 999 000-00-11', name: 'Anna' });
  await expect.poll(stateOf(id), { timeout: slow / 2 }).toBe('HELD');
  const again = await sendForm(host.url, { phone: '+7 999 000-00-12' });
  await expect.poll(stateOf(again.id), { timeout: slow / 2 }).toBe('HELD');

  const page = await browser.newPage({ locale: 'en-GB' });
  await page.goto(`${host.url}/console`);
  await page.getByLabel("Operator's token").fill('local');
  await page.getByRole('button', { name: 'Sign in' }).click();
  const card = page.locator('.lead', { hasText: 'Anna' });
  await card.getByText('The widget is disabled').waitFor();
  await page.goto(`${host.url}/console#/accounts`);
  await page.getByText(/Refuses since .*The widget is disabled/).waitFor();

  provider.mend();
  await page.goto(`${host.url}/console#/attention`);
  await card.getByRole('button', { name: 'Release' }).click();
  await card.and(page.locator('[data-state="done"]')).waitFor();
  await card.getByRole('link').click();
  await page.getByText('Call: the provider has taken it').waitFor();
  expect(provider.calls().map(({ client }) => client)).toEqual(['79990000011']);

  const released = await (await ask('/api/accounts/main/release', 'POST')).json();
  expect(released).toEqual({ released: 1, more: false, cursor: null });
  await expect.poll(stateOf(again.id), { timeout: slow / 2 }).toBe('PLACED');
  expect(provider.calls()).toHaveLength(2);
});

test('spam is stored and not rung, and rings when it is released', { timeout: slow }, async () => {
  const { id } = await sendForm(host.url, { phone: '+7 999 000-00-13', _gotcha: 'filled' });
  const before = provider.calls().length;
  expect(await (await ask(`/api/leads/${id}`)).json()).toMatchObject({ state: 'spam' });
  expect((await ask(`/api/leads/${id}/release`, 'POST')).status).toBe(200);
  await expect.poll(stateOf(id), { timeout: slow / 2 }).toBe('PLACED');
  expect(provider.calls()).toHaveLength(before + 1);
});

test('an erased lead is gone, and its form sent again rings nobody', { timeout: slow }, async () => {
  const fields = { phone: '+7 999 000-00-14', name: 'Canary Name' };
  const key = { 'idempotency-key': 'the same' };
  const { id } = await sendForm(host.url, fields, key);
  await expect.poll(stateOf(id), { timeout: slow / 2 }).toBe('PLACED');
  const before = provider.calls().length;
  expect(await (await ask(`/api/leads/${id}`, 'DELETE')).json()).toEqual({ ok: true, id });
  expect((await ask(`/api/leads/${id}`)).status).toBe(404);
  expect(await (await ask('/api/leads?limit=1000')).text()).not.toContain('Canary');
  expect(await sendForm(host.url, fields, key)).toEqual({ status: 202, id, replayed: 'true' });
  await new Promise((done) => setTimeout(done, 1_500));
  expect(provider.calls()).toHaveLength(before);
});

test.each(['x'.repeat(3_000), '%00', 'a%20b', '%D1%91'])('the id %s is no lead, and no error of ours', async (id) => {
  for (const [method, path] of [
    ['GET', `/api/leads/${id}`],
    ['POST', `/api/leads/${id}/release`],
    ['DELETE', `/api/leads/${id}`],
  ] as const) {
    expect((await ask(path, method)).status).toBe(404);
  }
  expect((await ask(`/api/stats/pulls/${id}`)).status).toBe(400);
});

test.each([
  ['no', ''],
  ['a shorter', 'loca'],
  ['a longer', 'locall'],
  ['a wrong', 'LOCAL'],
  ['an endless', 'x'.repeat(5_000)],
])('%s token is refused everywhere, in the same words', async (_kind, token) => {
  const paths = [
    'GET /api/leads',
    'GET /api/accounts',
    'GET /api/counts',
    'DELETE /api/leads/x',
    'POST /api/leads/x/retry',
  ];
  for (const [method, path] of paths.map((route) => route.split(' ') as [string, string])) {
    const answer = await ask(path, method, token);
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      ok: false,
      error: 'unauthorized',
      message: 'A valid operator token is needed: Authorization: Bearer …',
      errors: [],
    });
  }
});

test('the page and its files come with a policy that runs nothing else', async () => {
  for (const [path, type] of [
    ['/console', 'text/html'],
    ['/console/console.js', 'text/javascript'],
    ['/console/console.css', 'text/css'],
  ]) {
    const answer = await fetch(`${host.url}${path}`);
    expect(answer.headers.get('content-type')).toBe(`${type}; charset=utf-8`);
    const policy = answer.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'");
    expect(policy).not.toMatch(/unsafe|\*|https?:/);
  }
  for (const file of ['constructor', 'handler.ts', '..%2Findex.html']) {
    expect((await fetch(`${host.url}/console/${file}`)).status).toBe(404);
  }
});
