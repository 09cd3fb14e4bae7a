import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hookPath } from '#shared/stats/hook-path.ts';
import type { Host } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import type { Fault } from '../../infra/local/simulators/serve.ts';
import { anyKey, anything, everyState, keys, sent } from './canary.ts';
import { listCommands } from './canary-commands.ts';
import { startParameters } from './canary-services.ts';
import {
  ask,
  closes,
  command,
  fields,
  form,
  gone,
  html,
  idOf,
  json,
  logged,
  look,
  operate,
  post,
  type Services,
  seen,
  setUp,
  slow,
  untilLogged,
  untilState,
  urlencoded,
} from './canary-world.ts';

let world: Awaited<ReturnType<typeof setUp>>;
let usual: Services;
let host: Host;
/** Where nothing can be stored from early on: time for its schedules to come round, while other things are tried elsewhere. */
let full: Services;
let dueLead: string;
/** Where a provider lets one order hang, which takes its time to be given up. */
let calm: Host;

beforeAll(async () => {
  world = await setUp();
  usual = await world.start();
  host = usual.host;
}, slow);
afterAll(async () => {
  for (const close of closes) await close();
});

const hook = (account: string, key: string = keys.phoneKey) => hookPath(account, key);

test('what goes well, and every refusal of a form', { timeout: slow }, async () => {
  const multipart = new FormData();
  for (const [name, value] of Object.entries(fields)) multipart.set(name, value);
  expect(await post(host, form({ _key: 'one' }))).toBe(202);
  expect(await post(host, form({ _key: 'one' }))).toBe(202);
  expect(await post(host, form({ _key: 'one', comment: `${sent.comment}!` }))).toBe(422);
  expect(await post(host, multipart, { accept: 'application/json' })).toBe(202);
  expect(await post(host, form({ comment: `${sent.comment}, mended` }))).toBe(202);
  expect((await operate(host, 'GET', '/api/leads')).text).toContain(', mended');
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
  for (const path of ['/f/later/stamp', '/ringback.js', '/console', '/console/console.js', '/api/hooks']) {
    expect(await ask(host, path)).toBe(path === '/api/hooks' ? 401 : 200);
  }
  expect(await ask(host, `/f/callback?${urlencoded()}`)).toBe(405);
  const captchas = { guarded: 'cf-turnstile-response', puzzled: 'smart-token' };
  for (const [name, field] of Object.entries(captchas)) {
    expect(await post(host, form({ [field]: keys.captchaToken }), json, name)).toBe(422);
  }
  for (const captcha of host.simulatedCaptchas) captcha.order('error-before');
  for (const [name, field] of Object.entries(captchas)) {
    expect(await post(host, form({ [field]: keys.captchaToken, _key: 'down' }), json, name)).toBe(202);
  }
  await untilLogged('delivery attempted', 10);
});

test('a lead whose message could not be sent', { timeout: slow }, async () => {
  full = await world.start();
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

/** Lets the next order of each of these providers go wrong. */
function spoilOrders({ simulatedProviders }: Host, fault: Fault, providers = Object.keys(orderPaths)) {
  for (const { order, simulator } of simulatedProviders)
    if (providers.includes(simulator.provider)) order(fault, orderPaths[simulator.provider]);
}

test("providers' faults, and what the operator does", { timeout: slow }, async () => {
  for (const fault of ['too-many', 'html', 'reset-after', 'error-after'] as const) {
    const before = logged('delivery attempted');
    spoilOrders(host, fault);
    expect(await post(host, form({ _key: fault }))).toBe(202);
    await untilLogged('delivery attempted', before + 1);
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

test('leads in every state that they can have, on the command line', { timeout: slow }, async () => {
  // What was ordered to go wrong elsewhere may not have been met yet.
  calm = (await world.start()).host;
  const url = ['--url', calm.url];
  spoilOrders(calm, 'hang-before', ['pozvonim']);
  expect(await post(calm, form({ _key: 'called' }), json, 'patient')).toBe(202);
  const called = await untilState(calm, 'patient', 'CALLING');
  for (const action of ['retry', 'release', 'cancel', 'erase']) {
    expect(await command(['leads', action, called, ...url]), action).toMatchObject({ code: 1 });
  }
  spoilOrders(calm, 'too-many', ['callkeeper', 'pozvonim']);
  expect(await post(calm, form({ _key: 'late' }), json, 'hasty')).toBe(202);
  const expired = await untilState(calm, 'hasty', 'EXPIRED');
  expect(await command(['leads', 'show', expired, ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'show', expired, '--json', ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'retry', expired, ...url])).toMatchObject({ code: 0 });
  await untilState(calm, 'hasty', 'PLACED');
  expect(await post(calm, form({ _key: 'too often' }), json, 'limited')).toBe(202);
  const held = await untilState(calm, 'limited', 'HELD');
  expect(await command(['leads', 'release', held, ...url])).toMatchObject({ code: 0 });
  expect(await post(calm, form({ _key: 'spam', _gotcha: 'filled' }))).toBe(202);
  const spam = await idOf(calm, '?state=spam');
  expect(await command(['leads', 'cancel', spam, ...url])).toMatchObject({ code: 0 });
  await look(calm);
  expect(await command(['leads', 'erase', spam, ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'show', spam, ...url])).toMatchObject({ code: 1 });
  gone.states.add('erased');
  expect(await command(['leads', 'list', '--json', ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'list', '--state', 'nowhere', ...url])).toMatchObject({ code: 1 });
  await untilState(calm, 'patient', 'UNKNOWN');
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
  const before = logged('delivery attempted');
  expect(await post(host, form({ _key: 'new for the statistics' }))).toBe(202);
  await untilLogged('delivery attempted', before + 1);
  usual.files = true;
  const failed = await command(['stats', 'pull', ...url]);
  usual.files = false;
  expect(failed).toMatchObject({ code: 1 });
  expect(failed.stdout + failed.stderr).toContain('something went wrong on our side');
  const to = join(world.folder, 'export');
  expect(await command(['stats', 'export', '--to', to, ...url])).toMatchObject({ code: 0 });
  const exported = await readdir(to, { recursive: true, withFileTypes: true });
  const files = exported.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  expect(files.length).toBeGreaterThan(0);
  const page = join(world.folder, 'report.html');
  expect(await command(['report', '--out', page, ...url])).toMatchObject({ code: 0 });
  // They are the owner's, so visitors are in them; no key is.
  for (const file of [...files, page]) expect(await readFile(file, 'latin1'), file).not.toMatch(anyKey);
  expect(await command(['stats', 'hooks', ...url])).toMatchObject({ code: 0 });
  expect(await command(['doctor', '--no-accounts', ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'list', ...url])).toMatchObject({ code: 0 });
  expect(await command(['leads', 'list', ...url], { RINGBACK_OPERATOR_TOKEN: `${keys.token}-` })).toMatchObject({
    code: 1,
  });
  expect(await command(['leads', 'show', sent.name, ...url])).toMatchObject({ code: 1 });
});

test('providers that quote all that they were sent', { timeout: slow }, async () => {
  const { origin, echo } = world.provider;
  const urls = { CALLKEEPER_URL: origin, CALLTOUCH_URL: origin, POZVONIM_URL: origin };
  const { host: quoted } = await world.start(world.template, urls);
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
    const before = logged('delivery attempted');
    expect(await post(quoted, form({ _key: `${status} ${isPage}` }))).toBe(202);
    expect(await post(quoted, form({ _key: `${status} ${isPage}` }), json, 'widget')).toBe(202);
    await untilLogged('delivery attempted', before + 1);
    for (const account of ['sales', 'spare', 'adverts', 'crm']) {
      await operate(quoted, 'POST', `/api/accounts/${account}/release`);
    }
  }
  Object.assign(echo, { status: 409, isPage: false });
  await untilLogged('delivery needs attention', held + 1);
  await look(quoted);
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

test('commands of one machine, a rehearsal, and secrets that SSM takes or quotes', { timeout: slow }, async () => {
  expect(await command(['smoke', '--form', 'rehearsed', '--url', host.url])).toMatchObject({ code: 0 });
  expect(await command(['smoke', '--form', 'callback', '--url', host.url])).toMatchObject({ code: 1 });
  expect(await command(['methods', 'callkeeper'])).toMatchObject({ code: 0 });
  expect(await command(['methods', 'nobody'])).toMatchObject({ code: 1 });
  expect(await command(['completion'])).toMatchObject({ code: 0 });
  const json = JSON.stringify({ client: `7${sent.phone}` });
  expect(await command(['call', 'sales', 'orderCall', '--json', '-'], {}, json)).toMatchObject({ code: 0 });
  expect(await command(['call', 'sales', 'orderCall', '--json', `${json}}`])).toMatchObject({ code: 1 });

  const { parameters, origin, close } = await startParameters();
  closes.push(close);
  const aws = {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'AKIA-of-nobody',
    AWS_SECRET_ACCESS_KEY: keys.session,
    AWS_ENDPOINT_URL_SSM: origin,
  };
  const set = () => command(['secrets', 'set', 'callkeeper-key'], aws, keys.callkeeper);
  expect(await set()).toMatchObject({ code: 0 });
  expect(await command(['secrets', 'list'], aws)).toMatchObject({ code: 1 });
  parameters.refuses = true;
  expect(await set()).toMatchObject({ code: 1, stderr: expect.stringContaining('ValidationException') });
  expect(await command(['secrets', 'list'], aws)).toMatchObject({ code: 1 });
});

test('a deployment that quotes all that it was asked, or answers what nobody expects', { timeout: slow }, async () => {
  const url = ['--url', world.provider.origin];
  const commands = [
    ...['list', 'show some', 'retry some', 'release some', 'cancel some', 'erase some'].map(
      (words) => `leads ${words}`,
    ),
    ...['stats pull', `stats export --to ${world.folder}/none`, 'stats hooks', `report --out ${world.folder}/none`],
    ...['smoke --form rehearsed', 'doctor --no-accounts'],
  ];
  for (const [status, isPage] of [
    [409, false],
    [200, false],
    [200, true],
    [401, true],
  ] as const) {
    Object.assign(world.provider.echo, { status, isPage });
    for (const words of commands) expect((await command([...words.split(' '), ...url])).code, words).toBe(1);
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
  const { host: stuck } = await world.start(withoutTable(world.template, 'operate', 'forwardlead', 'receivewebhook'));
  const crashed = logged('delivery crashed');
  expect((await operate(stuck, 'GET', `/api/leads?phone=${sent.phone}`)).status).toBe(500);
  expect((await operate(stuck, 'GET', `/api/leads/${sent.name}`)).status).toBe(500);
  expect((await operate(stuck, 'GET', `/api/stats/pulls/${sent.name}`)).status).toBe(500);
  expect(await post(stuck, form({ _key: 'stuck' }))).toBe(202);
  await untilLogged('delivery crashed', crashed + 1);
});

test('nothing that there is was left out', async () => {
  const { Resources } = world.template;
  const routes = Object.values(Resources).filter(({ Type }) => Type === 'AWS::ApiGatewayV2::Route');
  expect([...gone.routes].sort()).toEqual(routes.map(({ Properties }) => Properties['RouteKey']).sort());
  const functions = Object.keys(Resources).filter((id) => Resources[id]?.Type === 'AWS::Lambda::Function');
  expect([...gone.functions].sort()).toEqual(functions.sort());
  const names = await listCommands();
  expect(names.filter((name) => !gone.commands.has(`${name} well`) && name !== 'secrets list')).toEqual([]);
  expect(names.filter((name) => !gone.commands.has(`${name} in vain`) && name !== 'completion')).toEqual([]);
  expect([...gone.states].sort()).toEqual(Object.keys(everyState).sort());
});

test('after all of it, no log, metric, message, page or template holds what a visitor sent or a key', async () => {
  await wait(500);
  expect(seen.lines.filter((line) => line.includes('"_aws"')).length).toBeGreaterThan(0);
  expect(seen.messages.length).toBeGreaterThan(0);
  // Only the form that a visitor gets back, to mend it or send it again, holds what that visitor sent.
  const besideForm = seen.pages.map((page) => page.replace(/<form[\s\S]*<\/form>/, ''));
  const leaks = {
    lines: seen.lines.filter((line) => anything.test(line)),
    messages: seen.messages.filter((body) => anything.test(body)),
    told: seen.told.filter((text) => anything.test(text)),
    pages: [...besideForm.filter((page) => anything.test(page)), ...seen.pages.filter((page) => anyKey.test(page))],
    template: [JSON.stringify(world.template)].filter((text) => anything.test(text)),
  };
  expect(leaks).toEqual({ lines: [], messages: [], told: [], pages: [], template: [] });
});

test('what is looked for would be found, however it is written', () => {
  const leaks = [
    `phone=${encodeURIComponent('+7 916 555-01-99')}`,
    Buffer.from(`{"phone":"+7${sent.phone}"}`).toString('base64'),
    'call 555-01.99',
    encodeURIComponent(sent.comment),
    JSON.stringify({ name: sent.name.toUpperCase() }),
    Buffer.from(`x${keys.token}y`).toString('base64url'),
    Buffer.from(keys.webhook).toString('hex'),
  ];
  expect(leaks.filter((text) => !anything.test(text))).toEqual([]);
  expect(anyKey.test(`Bearer ${keys.token}`)).toBe(true);
});
