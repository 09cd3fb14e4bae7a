import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hookPath } from '#shared/stats/hook-path.ts';
import { unpack } from '#shared/store/pack.ts';
import type { Host } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import { run } from '../cli/set-up.ts';
import { startEcho } from '../support/echo.ts';
import { type Instead, type Recorded, startRecordingProxy } from '../support/recording-proxy.ts';
import { anyKey, anything, canaryConfig, environment, keys, sent } from './canary.ts';
import { type Deployment, deploy } from './local-host.ts';

const slow = 120_000;

/** All that was logged, queued, answered to strangers and told on the command line, of every path below. */
const lines: string[] = [];
const messages: string[] = [];
const pages: string[] = [];
const told: string[] = [];
const closes: (() => Promise<unknown>)[] = [];

/** What the services of AWS refuse to a host, in words that quote all that they were given; and the rows that they would not store. */
type Services = { host: Host; messages: boolean; writes: boolean; files: boolean; notStored: string[] };
const kindServices = () => ({ messages: false, writes: false, files: false, notStored: [] as string[] });
let next = kindServices();
let provider: Awaited<ReturnType<typeof startEcho>>;
let deployment: Deployment;
let usual: Services;
let host: Host;
/** Where nothing can be stored from early on: time for its schedules to come round, while other things are tried elsewhere. */
let full: Services;
let dueLead: string;
let configFile: string;

const record = ({ action, body }: Recorded) => {
  if (action.startsWith('SendMessage')) messages.push(body);
};
type Refusals = Omit<Services, 'host'>;
const refuseWrites =
  (refusals: Refusals): Instead =>
  ({ action, body }) => {
    if (!refusals.writes || action !== 'PutItem') return undefined;
    const { pk, value } = JSON.parse(body).Item;
    refusals.notStored.push(pk.S);
    const message = `cannot be stored: ${body} ${JSON.stringify(unpack(Buffer.from(value.B, 'base64')))}`;
    return { status: 400, body: JSON.stringify({ __type: 'ValidationException', message }) };
  };
const refuseFiles =
  (refusals: Refusals): Instead =>
  ({ action, body }) =>
    refusals.files && action === 'PUT'
      ? { status: 400, body: `<Error><Code>InvalidRequest</Code><Message>${body}</Message></Error>` }
      : undefined;
const refuseMessages =
  (refusals: Refusals): Instead =>
  ({ action, body }) =>
    refusals.messages && action.startsWith('SendMessage')
      ? { status: 400, body: JSON.stringify({ __type: 'InvalidMessageContents', message: body }) }
      : undefined;

/** A host of its own services, which refuse nothing until they are told to. */
async function start(template?: Template, env = {}): Promise<Services> {
  const refusals = kindServices();
  next = refusals;
  return Object.assign(refusals, { host: await deployment.start(template, env) });
}

beforeAll(async () => {
  provider = await startEcho(keys.session);
  closes.push(provider.close);
  const folder = await mkdtemp(join(tmpdir(), 'ringback-canary-'));
  closes.push(() => rm(folder, { recursive: true }));
  const config = canaryConfig(`${provider.origin}/hook`);
  configFile = join(folder, 'config.json');
  await writeFile(configFile, JSON.stringify(config));
  const pass = async (target: string, instead?: Instead) => {
    const { origin, close } = await startRecordingProxy(target, record, instead);
    closes.unshift(close);
    return origin;
  };
  deployment = await deploy(config, environment, {
    log: (line) => void lines.push(line),
    watch: {
      between: async ({ ssm, ...services }) => ({
        ssm,
        queues: await pass(services.queues, refuseMessages(next)),
        database: await pass(services.database, refuseWrites(next)),
        buckets: await pass(services.buckets, refuseFiles(next)),
      }),
      invoked() {},
    },
  });
  usual = await start();
  host = usual.host;
}, slow);
afterAll(async () => {
  await deployment.clean();
  for (const close of closes) await close();
});

const fields = {
  phone: `+7 (916) 555-01-99`,
  name: `Anna ${sent.name}`,
  email: `${sent.email}@acme.example`,
  comment: sent.comment,
  wish: sent.field,
  utm_source: sent.field,
};
const json = { 'content-type': 'application/json', accept: 'application/json' };
const html = { accept: 'text/html', 'content-type': 'application/x-www-form-urlencoded' };
const form = (changes: Record<string, string> = {}) => JSON.stringify({ ...fields, ...changes });
const urlencoded = (changes: Record<string, string> = {}) => new URLSearchParams({ ...fields, ...changes }).toString();

/** Asks as a stranger; what is answered is kept, for it may stand in a log of whoever is between. */
async function ask({ url }: Host, path: string, init: RequestInit = {}) {
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  pages.push(`${response.status} ${JSON.stringify([...response.headers])} ${text}`);
  return response.status;
}

const post = (to: Host, body: string | FormData, headers: Record<string, string> = json, name = 'callback') =>
  ask(to, `/f/${name}`, { method: 'POST', body, headers });

const idOf = async (to: Host, query: string) => {
  const { leads } = JSON.parse((await operate(to, 'GET', `/api/leads${query}`)).text) as { leads: { id: string }[] };
  return leads[0]?.id ?? '';
};

async function operate({ url }: Host, method: string, path: string, token = keys.token) {
  const response = await fetch(`${url}${path}`, { method, headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  // What the owner asked for with the right token may hold all; refusals and errors may not.
  if (response.status !== 200) pages.push(`${response.status} ${text}`);
  return { status: response.status, text };
}

/** A command of the owner's. What it shows them may hold what visitors sent, its errors nothing, and neither a key. */
async function command(args: string[], env: Record<string, string> = {}) {
  const { code, stdout, stderr } = await run(args, { RINGBACK_CONFIG: configFile, ...environment, ...env });
  told.push(stderr);
  if (code !== 0) told.push(stdout);
  expect(stdout).not.toMatch(anyKey);
  return { code, stdout, stderr };
}

const logged = (event: string) => lines.filter((line) => line.includes(`"event":"${event}"`)).length;
const untilLogged = (event: string, count: number) =>
  expect.poll(() => logged(event), { timeout: slow / 2 }).toBeGreaterThanOrEqual(count);
const hook = (account: string, key: string = keys.phoneKey) => hookPath(account, key);

test('what goes well, and every refusal of a form', { timeout: slow }, async () => {
  const multipart = new FormData();
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
  expect(await post(host, form({ _key: 'one' }))).toBe(202);
  expect(await post(host, form({ _key: 'one' }))).toBe(202);
  expect(await post(host, form({ _key: 'one', comment: `${sent.comment}!` }))).toBe(422);
  expect(await post(host, multipart, { accept: 'application/json' })).toBe(202);
  expect(await post(host, urlencoded({ _key: 'two' }), html)).toBe(200);
  expect(await post(host, form({ _key: 'three' }), json, 'widget')).toBe(202);
  expect(await post(host, form({ _gotcha: 'filled', _key: 'spam' }))).toBe(202);
  expect(await post(host, form({ _key: 'four' }), json, 'rehearsed')).toBe(202);
  expect(await post(host, form({ _key: 'five' }), json, 'later')).toBe(202);
  expect(await post(host, form({ _key: 'six', _stamp: sent.name }), json, 'later')).toBe(202);
  expect(await post(host, form({ phone: `+7${sent.phone}${sent.phone}` }))).toBe(422);
  expect(await post(host, urlencoded({ phone: `+7${sent.phone}${sent.phone}` }), html)).toBe(422);
  expect(await post(host, form(), { ...json, origin: `https://${sent.email}.example` })).toBe(403);
  expect(await post(host, `${form()}]`)).toBe(400);
  expect(await post(host, form(), { 'content-type': 'text/plain' })).toBe(415);
  expect(await post(host, form({ comment: sent.comment.repeat(10_000) }))).toBe(413);
  expect(await post(host, form(), json, sent.name)).toBe(404);
  expect(await ask(host, `/f/callback?${urlencoded()}`)).toBe(405);
  expect(await post(host, form({ 'cf-turnstile-response': keys.captchaToken }), json, 'guarded')).toBe(422);
  for (const captcha of host.simulatedCaptchas) captcha.order('error-before');
  expect(await post(host, form({ 'cf-turnstile-response': keys.captchaToken, _key: 'down' }), json, 'guarded')).toBe(
    202,
  );
  await untilLogged('delivery attempted', 10);
});

test('a lead whose message could not be sent', { timeout: slow }, async () => {
  full = await start();
  expect(await post(full.host, form({ _key: 'spam', _gotcha: 'filled' }))).toBe(202);
  full.messages = true;
  expect(await post(full.host, form({ _key: 'due soon' }))).toBe(202);
  dueLead = await idOf(full.host, '?state=open');
  full.writes = true;
  expect(logged('nudge not sent')).toBeGreaterThan(0);
});

test('a phone that is rung too often is held, and its visitor has to wait', { timeout: slow }, async () => {
  expect(await post(host, form({ _key: 'first' }), json, 'limited')).toBe(202);
  await wait(1_000);
  expect(await post(host, form({ _key: 'second' }), json, 'limited')).toBe(202);
  expect(await post(host, form({ _key: 'third' }), json, 'limited')).toBe(202);
  expect(await post(host, urlencoded({ _key: 'fourth' }), html, 'limited')).toBe(429);
  await untilLogged('delivery needs attention', 1);
});

/** Where orders go, so that no pull of the statistics meets a fault that was meant for one. */
const orderPaths: Record<string, string> = { callkeeper: 'orderCall', pozvonim: 'sites/3', calltouch: 'register' };

test("providers' faults, and what the operator does", { timeout: slow }, async () => {
  for (const fault of ['too-many', 'html', 'reset-after', 'error-after'] as const) {
    const seen = logged('delivery attempted');
    for (const { order, simulator } of host.simulatedProviders) order(fault, orderPaths[simulator.provider]);
    expect(await post(host, form({ _key: fault }))).toBe(202);
    await untilLogged('delivery attempted', seen + 1);
  }
  expect((await operate(host, 'GET', '/api/leads', `${keys.token}!`)).status).toBe(401);
  expect((await operate(host, 'GET', `/api/leads?state=${sent.name}&phone=${sent.email}`)).status).toBe(400);
  expect((await operate(host, 'GET', `/api/stats/file?key=${sent.name}`)).status).toBe(400);
  expect((await operate(host, 'GET', `/api/stats/pulls/${sent.name}`)).status).toBe(200);
  expect((await operate(host, 'POST', `/api/accounts/${sent.name}/release`)).status).toBe(404);
  for (const action of ['retry', 'release', 'cancel']) {
    expect((await operate(host, 'POST', `/api/leads/${sent.name}/${action}`)).status).toBe(404);
  }
  for (const path of [
    '/api/counts',
    '/api/accounts',
    '/api/stats/days',
    '/api/leads?format=csv',
    '/api/leads?format=ndjson',
  ]) {
    expect((await operate(host, 'GET', path)).status).toBe(200);
  }
  const { leads } = JSON.parse((await operate(host, 'GET', '/api/leads')).text) as { leads: { id: string }[] };
  expect(leads.length).toBeGreaterThanOrEqual(9);
  for (const { id } of leads) {
    for (const action of ['retry', 'release', 'cancel']) await operate(host, 'POST', `/api/leads/${id}/${action}`);
  }
  for (const { id } of leads.slice(0, 3)) await operate(host, 'DELETE', `/api/leads/${id}`);
  expect((await operate(host, 'POST', '/api/accounts/sales/release')).status).toBe(200);
});

test('hooks, right, wrong and odd; the pages of others', { timeout: slow }, async () => {
  const news = { id: '4711', phone2: `7${sent.phone}`, status_code: 200, status2_code: 200, client: sent.name };
  const hooks = [
    [hook('sales'), JSON.stringify(news), json],
    [hook('sales'), new URLSearchParams(fields).toString(), html],
    [hook('adverts'), JSON.stringify({ ...fields, callId: sent.field }), json],
    [hook('sales'), `${sent.name}{`, json],
  ] as const;
  for (const [path, body, headers] of hooks) expect(await ask(host, path, { method: 'POST', body, headers })).toBe(200);
  for (const path of [hook('sales', 'another key'), `/hooks/${sent.name}/${keys.token}`]) {
    expect(await ask(host, path, { method: 'POST', body: form(), headers: json })).toBe(404);
  }
  expect(await ask(host, `/console/${sent.name}`)).toBe(404);
  expect(await ask(host, `/console?phone=${sent.phone}`)).toBe(200);
});

test('the statistics, on the command line too', { timeout: slow }, async () => {
  const url = ['--url', host.url];
  expect(await command(['stats', 'pull', ...url])).toMatchObject({ code: 0 });
  const seen = logged('delivery attempted');
  expect(await post(host, form({ _key: 'new for the statistics' }))).toBe(202);
  await untilLogged('delivery attempted', seen + 1);
  usual.files = true;
  const failed = await command(['stats', 'pull', ...url]);
  usual.files = false;
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stdout + failed.stderr).toContain('something went wrong on our side');
  await command(['doctor', '--no-accounts', ...url]);
  await command(['leads', 'list', ...url]);
  expect(await command(['leads', 'list', ...url], { RINGBACK_OPERATOR_TOKEN: `${keys.token}-` })).toMatchObject({
    code: 1,
  });
  expect(await command(['leads', 'show', sent.name, ...url])).toMatchObject({ code: 1 });
});

test('providers that quote all that they were sent', { timeout: slow }, async () => {
  const { origin, echo } = provider;
  const urls = { CALLKEEPER_URL: origin, CALLTOUCH_URL: origin, POZVONIM_URL: origin };
  const { host: quoted } = await start(deployment.template, urls);
  const held = logged('delivery needs attention');
  for (const [status, isPage] of [
    [409, false],
    [400, false],
    [403, false],
    [710, false],
    [200, false],
    [500, false],
    [502, true],
    [200, true],
  ] as const) {
    Object.assign(echo, { status, isPage });
    const seen = logged('delivery attempted');
    expect(await post(quoted, form({ _key: `${status} ${isPage}` }))).toBe(202);
    expect(await post(quoted, form({ _key: `${status} ${isPage}` }), json, 'widget')).toBe(202);
    await untilLogged('delivery attempted', seen + 1);
    for (const account of ['sales', 'spare', 'adverts', 'crm']) {
      await operate(quoted, 'POST', `/api/accounts/${account}/release`);
    }
  }
  Object.assign(echo, { status: 409, isPage: false });
  await untilLogged('delivery needs attention', held + 1);
  const asked = [
    ...['/orderCall', '/getCallsInfo', '/getUserInfo', '/hook', '/v2u/auth/token', '/v2u/sites/3/call', '/v2u/profile'],
    '/calls-service/RestAPI/requests/1/register/',
    '/calls-service/RestAPI/1/calls-diary/calls',
    '/widget-service/v1/api/widget-request/user-form/create',
  ];
  await expect.poll(() => [...new Set(echo.asked)], { timeout: slow / 2 }).toEqual(expect.arrayContaining(asked));

  expect(await command(['doctor'], urls)).toMatchObject({ code: 1 });
  const client = `7${sent.phone}`;
  const calls: [string, string, object][] = [
    ['sales', 'orderCall', { client, text_to_manager: sent.name }],
    ['spare', 'call', { siteId: 3, phone: client, source_call: sent.field }],
    ['adverts', 'register', { phoneNumber: client, fio: sent.name, subject: sent.field }],
    ['adverts', 'calls', { dateFrom: '01/11/2026', dateTo: '22/11/2026' }],
    ['crm', 'deliver', { phone: client, name: sent.name }],
  ];
  for (const [account, method, params] of calls) {
    const { code } = await command(['call', account, method, '--json', JSON.stringify(params)], urls);
    expect(code, `${account} ${method}`).toBe(1);
  }
});

test('a table that quotes all that it cannot store, in every function that writes', { timeout: slow }, async () => {
  const { host: fresh, notStored } = full;
  const crashes = { request: logged('request crashed'), delivery: logged('delivery crashed') };
  expect(await post(fresh, form({ _key: 'lost' }))).toBe(500);
  expect(await post(fresh, urlencoded({ _key: 'lost' }), html)).toBe(500);
  const spam = await idOf(fresh, '?state=spam');
  expect((await operate(fresh, 'POST', `/api/leads/${spam}/cancel`)).status).toBe(500);
  expect((await operate(fresh, 'DELETE', `/api/leads/${spam}`)).status).toBe(500);
  expect((await command(['stats', 'pull', '--url', fresh.url])).code).toBe(1);
  const news = JSON.stringify({ id: '4712', phone2: `7${sent.phone}`, status_code: 200, status2_code: 200 });
  expect(await ask(fresh, hook('sales'), { method: 'POST', body: news, headers: json })).toBe(500);
  expect(logged('request crashed')).toBeGreaterThanOrEqual(crashes.request + 5);
  // Nobody but the sweep touches this lead, and the three pulls began ten seconds after the start.
  await expect.poll(() => notStored, { timeout: slow / 2 }).toContain(`lead#${dueLead}`);
  await untilLogged('function crashed', 4);

  full.writes = false;
  full.messages = false;
  expect(await post(fresh, form({ _key: 'claimed in vain' }))).toBe(202);
  full.writes = true;
  await untilLogged('delivery crashed', crashes.delivery + 1);
  full.writes = false;
});

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

test('errors that nobody expects', { timeout: slow }, async () => {
  const { host: stuck } = await start(withoutTable(deployment.template, 'operate', 'forwardlead', 'receivewebhook'));
  const crashed = logged('delivery crashed');
  expect((await operate(stuck, 'GET', `/api/leads?phone=${sent.phone}`)).status).toBe(500);
  expect((await operate(stuck, 'GET', `/api/leads/${sent.name}`)).status).toBe(500);
  expect((await operate(stuck, 'GET', `/api/stats/pulls/${sent.name}`)).status).toBe(500);
  expect(await post(stuck, form({ _key: 'stuck' }))).toBe(202);
  await untilLogged('delivery crashed', crashed + 1);
});

test('after all of it, no log, metric, message, page or template holds what a visitor sent or a key', async () => {
  await wait(500);
  expect(lines.filter((line) => line.includes('"_aws"')).length).toBeGreaterThan(0);
  expect(messages.length).toBeGreaterThan(0);
  expect(lines.filter((line) => anything.test(line))).toEqual([]);
  expect(messages.filter((body) => anything.test(body))).toEqual([]);
  expect(told.filter((text) => anything.test(text))).toEqual([]);
  expect(JSON.stringify(deployment.template)).not.toMatch(anything);
  // Only the form that a visitor gets back, to mend it or send it again, holds what that visitor sent.
  const beside = pages.map((page) => page.replace(/<form[\s\S]*<\/form>/, ''));
  expect(beside.filter((page) => anything.test(page))).toEqual([]);
  expect(pages.filter((page) => anyKey.test(page))).toEqual([]);
});

test('what is looked for would be found, however it is written', () => {
  const leaks = [
    `phone=${encodeURIComponent('+7 916 555-01-99')}`,
    Buffer.from(`{"phone":"+7${sent.phone}"}`).toString('base64'),
    encodeURIComponent(sent.comment),
    JSON.stringify({ name: sent.name.toUpperCase() }),
    Buffer.from(`x${keys.token}y`).toString('base64url'),
    Buffer.from(keys.webhook).toString('hex'),
  ];
  expect(leaks.filter((text) => !anything.test(text))).toEqual([]);
  expect(anyKey.test(`Bearer ${keys.token}`)).toBe(true);
});
