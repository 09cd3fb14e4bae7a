import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import { type Recorded, startRecordingProxy } from '../support/recording-proxy.ts';
import { type Deployment, deploy } from './local-host.ts';

/** What must not be found anywhere but in the table, in what providers get and in what its owner is shown. */
const canary = {
  phone: '9165550199',
  name: 'Zyablikova',
  email: 'canary-bird',
  comment: 'chirps-at-dawn',
  token: 'canary-operator-token',
  callkeeper: 'canarykeyofcallkeeper00000000000',
  calltouch: 'canary-token-of-calltouch',
  pozvonim: 'canary-key-of-pozvonim',
  webhook: 'canary-signing-secret',
  phoneKey: 'canary-phone-key',
};
const secrets = {
  RINGBACK_OPERATOR_TOKEN: canary.token,
  RINGBACK_SECRET_CALLKEEPER_KEY: canary.callkeeper,
  RINGBACK_SECRET_CALLTOUCH_TOKEN: canary.calltouch,
  RINGBACK_SECRET_POZVONIM_KEY: canary.pozvonim,
  RINGBACK_SECRET_WEBHOOK_SECRET: canary.webhook,
  RINGBACK_SECRET_PHONE_KEY: canary.phoneKey,
};
const everywhere = new RegExp(Object.values(canary).join('|'), 'i');
const { token, callkeeper, calltouch, pozvonim, webhook, phoneKey } = canary;
const anyKey = new RegExp([token, callkeeper, calltouch, pozvonim, webhook, phoneKey].join('|'), 'i');

const config = {
  accounts: {
    sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-key' } },
    spare: { provider: 'pozvonim', uid: 17, siteId: 3, apiKey: { secret: 'pozvonim-key' } },
    adverts: { provider: 'calltouch', siteId: 1, apiToken: { secret: 'calltouch-token' } },
    crm: { provider: 'webhook', url: 'http://127.0.0.1:9/hook', signingSecret: { secret: 'webhook-secret' } },
  },
  forms: {
    callback: {
      name: 'Call me back',
      origins: ['https://acme.example'],
      call: ['sales', 'spare'],
      track: ['adverts', 'crm'],
      phoneLimit: { calls: 1_000, perHours: 1 },
    },
  },
};

const lines: string[] = [];
const messages: string[] = [];
const pages: string[] = [];
const closes: (() => Promise<void>)[] = [];
let deployment: Deployment;
let host: Host;

beforeAll(async () => {
  const record = ({ action, body }: Recorded) => {
    if (action.startsWith('SendMessage')) messages.push(body);
  };
  deployment = await deploy(config, secrets, {
    log: (line) => void lines.push(line),
    watch: {
      async between(services) {
        const { origin, close } = await startRecordingProxy(services.queues, record);
        closes.push(close);
        return { ...services, queues: origin };
      },
      invoked() {},
    },
  });
  host = await deployment.start();
});
afterAll(async () => {
  await deployment.clean();
  await Promise.all(closes.map((close) => close()));
});

const fields = {
  phone: `+7${canary.phone}`,
  name: `Anna ${canary.name}`,
  email: `${canary.email}@acme.example`,
  comment: canary.comment,
};
const json = { 'content-type': 'application/json', accept: 'application/json' };
const html = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };

/** Posts to the form; what is answered is kept, for it may stand in a log of whoever is between. */
async function post({ url }: Host, body: string | FormData, headers: Record<string, string> = json) {
  const response = await fetch(`${url}/f/callback`, { method: 'POST', body, headers, redirect: 'manual' });
  const text = await response.text();
  pages.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return { status: response.status, text };
}

async function operate({ url }: Host, method: string, path: string, token = canary.token) {
  const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  // What the owner asked for with the right token may hold all; refusals and errors may not.
  if (response.status !== 200) pages.push(text);
  return { status: response.status, text };
}

const form = (changes: Record<string, string> = {}) => JSON.stringify({ ...fields, ...changes });
const urlencoded = (changes: Record<string, string> = {}) => new URLSearchParams({ ...fields, ...changes }).toString();

/** With the table of these functions gone, each of their reads and writes throws. */
function withoutTable(template: Template, ...prefixes: string[]): Template {
  const broken = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::Lambda::Function' || !prefixes.some((prefix) => id.startsWith(prefix)))
      return [id, resource];
    const { Variables } = resource.Properties['Environment'] as { Variables: Record<string, unknown> };
    const Environment = { Variables: { ...Variables, TABLE_NAME: 'gone' } };
    return [id, { ...resource, Properties: { ...resource.Properties, Environment } }];
  });
  return { ...template, Resources: Object.fromEntries(broken) };
}

const logged = (event: string) => lines.filter((line) => line.includes(`"event":"${event}"`)).length;

test('what goes well, and every refusal of a form', async () => {
  const multipart = new FormData();
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
  expect((await post(host, form({ _key: 'one' }))).status).toBe(202);
  expect((await post(host, form({ _key: 'one' }))).status).toBe(202);
  expect((await post(host, form({ _key: 'one', comment: `${canary.comment}!` }))).status).toBe(422);
  expect((await post(host, multipart, { accept: 'application/json' })).status).toBe(202);
  expect((await post(host, urlencoded({ _key: 'two' }), html)).status).toBe(200);
  expect((await post(host, form({ phone: `+7${canary.phone}${canary.phone}` }))).status).toBe(422);
  expect((await post(host, form(), { ...json, origin: `https://${canary.email}.example` })).status).toBe(403);
  expect((await post(host, `${form()}]`)).status).toBe(400);
  expect((await post(host, form(), { 'content-type': 'text/plain' })).status).toBe(415);
  expect((await post(host, form({ comment: canary.comment.repeat(10_000) }))).status).toBe(413);
  await expect.poll(() => logged('delivery attempted'), { timeout: 10_000 }).toBeGreaterThanOrEqual(6);
});

test("providers' faults, and what the operator does", async () => {
  for (const fault of ['too-many', 'html', 'reset-after', 'error-after'] as const) {
    const seen = logged('delivery attempted');
    for (const provider of host.simulatedProviders) provider.order(fault);
    expect((await post(host, form({ _key: fault }))).status).toBe(202);
    await expect.poll(() => logged('delivery attempted'), { timeout: 10_000 }).toBeGreaterThan(seen);
  }
  expect((await operate(host, 'GET', '/api/leads', `${canary.token}!`)).status).toBe(401);
  expect((await operate(host, 'GET', `/api/leads?state=${canary.name}`)).status).toBe(400);
  expect((await operate(host, 'POST', `/api/leads/${canary.name}/retry`)).status).toBe(404);
  const { leads } = JSON.parse((await operate(host, 'GET', '/api/leads')).text) as { leads: { id: string }[] };
  expect(leads.length).toBeGreaterThanOrEqual(4);
  for (const { id } of leads) {
    for (const action of ['retry', 'release', 'cancel']) await operate(host, 'POST', `/api/leads/${id}/${action}`);
    await operate(host, 'DELETE', `/api/leads/${id}`);
  }
}, 60_000);

test('errors that nobody expects', async () => {
  const broken = await deployment.start(withoutTable(deployment.template, 'submitform'));
  expect((await post(broken, form({ _key: 'lost' }))).status).toBe(500);
  expect((await post(broken, urlencoded({ _key: 'lost' }), html)).status).toBe(500);
  const stuck = await deployment.start(withoutTable(deployment.template, 'operateleads', 'forwardlead'));
  expect((await operate(stuck, 'GET', `/api/leads?phone=${canary.phone}`)).status).toBe(500);
  expect((await post(stuck, form({ _key: 'stuck' }))).status).toBe(202);
  await expect.poll(() => logged('delivery crashed'), { timeout: 10_000 }).toBeGreaterThan(0);
  expect(logged('request crashed')).toBeGreaterThanOrEqual(3);
}, 60_000);

test('after all of it, no log, metric, message, page or template holds what a visitor sent or a key', async () => {
  await wait(500);
  expect(lines.filter((line) => line.includes('"_aws"')).length).toBeGreaterThan(0);
  expect(messages.length).toBeGreaterThan(0);
  expect(lines.filter((line) => everywhere.test(line))).toEqual([]);
  expect(messages.filter((body) => everywhere.test(body))).toEqual([]);
  expect(everywhere.test(JSON.stringify(deployment.template))).toBe(false);
  // Only the form that a visitor gets back, to mend it or send it again, holds what that visitor sent.
  const told = pages.map((page) => page.replace(/<form[\s\S]*<\/form>/, ''));
  expect(told.filter((page) => everywhere.test(page))).toEqual([]);
  expect(pages.filter((page) => anyKey.test(page))).toEqual([]);
});
