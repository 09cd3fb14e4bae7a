import { afterAll, beforeAll, expect, test } from 'vitest';
import { secret } from '#shared/config/values.ts';
import type { Host } from '../../infra/local/host.ts';
import { type Deployment, deploy, readLead, sendForm } from './local-host.ts';

let deployment: Deployment;
let host: Host;

beforeAll(async () => {
  deployment = await deploy({
    accounts: {
      sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: secret('callkeeper-sales') },
    },
    forms: {
      callback: { name: 'Call me back', origins: ['https://acme.example'], call: ['sales'] },
    },
  });
  host = await deployment.start();
});
afterAll(() => deployment.clean());

const callsTo = (digits: string) =>
  host.simulatedProviders.flatMap(({ simulator }) => simulator.calls()).filter(({ client }) => client === digits);

const multipart = new FormData();
multipart.set('phone', '+7 916 000-00-03');

const encodings: [string, string | URLSearchParams | FormData, Record<string, string>][] = [
  ['an urlencoded form', new URLSearchParams({ phone: '8 (916) 000-00-01' }), {}],
  ['JSON', JSON.stringify({ phone: '+79160000002' }), { 'content-type': 'application/json' }],
  ['a multipart form', multipart, {}],
];

test.each(encodings)('%s rings its phone within two seconds', async (what, body, headers) => {
  const digits = `7916000000${encodings.findIndex(([encoding]) => encoding === what) + 1}`;
  const response = await fetch(`${host.url}/f/callback`, {
    method: 'POST',
    body,
    headers: { accept: 'application/json', ...headers },
  });
  expect(response.status).toBe(202);
  const { ok, id } = (await response.json()) as { ok: boolean; id: string };
  expect(ok).toBe(true);
  await expect.poll(() => callsTo(digits).length, { timeout: 2_000 }).toBe(1);
  await expect
    .poll(() => readLead(host.url, id))
    .toMatchObject({ state: 'done', phone: `+${digits}`, deliveries: [{ state: 'PLACED', attempts: 1 }] });
});

test('a hundred posts with one key are one lead and one call', async () => {
  const post = () =>
    sendForm(host.url, { phone: '+79160000010', name: 'Ann' }, { 'idempotency-key': 'one-key-for-a-hundred-posts' });
  const answers = await Promise.all(Array.from({ length: 100 }, post));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
  expect(answers.filter(({ replayed }) => replayed === 'true')).toHaveLength(99);
  await expect.poll(async () => (await readLead(host.url, answers[0]?.id ?? '')).state).toBe('done');
  expect(callsTo('79160000010')).toHaveLength(1);
});

test('a passing refusal of the provider is tried again within five seconds', async () => {
  host.simulatedProviders[0]?.order('too-many', 'Call');
  const { id } = await sendForm(host.url, { phone: '+79160000020' });
  await expect.poll(() => callsTo('79160000020').length, { timeout: 5_000 }).toBe(1);
  await expect.poll(() => readLead(host.url, id)).toMatchObject({ deliveries: [{ state: 'PLACED', attempts: 2 }] });
});

test('a killed function process costs nobody else anything', async () => {
  const pids = Object.entries(host.functionPids()).flatMap(([name, own]) => (name.startsWith('submitform') ? own : []));
  expect(pids).not.toEqual([]);
  for (const pid of pids) process.kill(pid, 'SIGKILL');
  const living = () => Object.values(host.functionPids()).flat();
  await expect.poll(() => pids.filter((pid) => living().includes(pid))).toEqual([]);
  expect((await sendForm(host.url, { phone: '+79160000030' })).status).toBe(202);
});

test('the operator needs the token', async () => {
  expect((await fetch(`${host.url}/api/leads`)).status).toBe(401);
  expect((await fetch(`${host.url}/api/leads`, { headers: { authorization: 'Bearer local' } })).status).toBe(200);
});

test('a route taken out of the template is not there', async () => {
  const isLeadRoute = (properties: Record<string, unknown>) => properties['RouteKey'] === 'GET /api/leads/{id}';
  const Resources = Object.fromEntries(
    Object.entries(deployment.template.Resources).filter(([, { Properties }]) => !isLeadRoute(Properties)),
  );
  const smaller = await deployment.start({ ...deployment.template, Resources });
  const { status, id } = await sendForm(smaller.url, { phone: '+79160000040' });
  expect(status).toBe(202);
  const headers = { authorization: 'Bearer local' };
  expect((await fetch(`${smaller.url}/api/leads/${id}`, { headers })).status).toBe(404);
  expect((await fetch(`${smaller.url}/api/leads`, { headers })).status).toBe(200);
});
