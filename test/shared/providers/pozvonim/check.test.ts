import { afterEach, beforeEach, expect, test } from 'vitest';
import { pozvonim } from '#shared/providers/pozvonim/provider.ts';
import { connectTo } from './connect.ts';
import { type Pozvonim, startPozvonim } from './set-up.ts';

let service: Pozvonim;
beforeEach(async () => {
  service = await startPozvonim();
});
afterEach(() => service.close());

test('finds nothing to do for an account that works', async () => {
  expect(await service.connect().check()).toEqual([
    { check: 'token', ok: true, message: 'Pozvonim gives a token for uid and key' },
    { check: 'profile', ok: true, message: 'times are in the zone Europe/Moscow' },
    { check: 'site', ok: true, message: 'the site 3001 is there' },
    { check: 'widget', ok: true, message: 'the site 3001 has a widget' },
    { check: 'clock', ok: true, message: 'the clocks differ by 0 s' },
  ]);
  expect(service.simulator.calls()).toEqual([]);
});

test('says where the key is set when it does not fit', async () => {
  const findings = await service.connect({ apiKey: 'wrong' }).check();
  expect(findings).toEqual([
    { check: 'token', ok: false, message: expect.stringContaining('set the key in the cabinet under Профиль') },
  ]);
});

test('names a site that is not there', async () => {
  const findings = await service.connect({ siteId: '99' }).check();
  expect(findings.find(({ check }) => check === 'site')).toEqual({
    check: 'site',
    ok: false,
    message: expect.stringMatching(/SITE-NOT-FOUND.*compare siteId/),
  });
});

test.each([
  { body: '[]', ok: false, message: 'the site 3001 has no widget: set up a widget for the site in the cabinet' },
  { body: '{"total": 0}', ok: true, message: 'Pozvonim tells of widgets in a form that is not known' },
])('looks for the widget in $body', async ({ body, ok, message }) => {
  const { handle } = service.simulator;
  const asked: URLSearchParams[] = [];
  service.simulator.handle = (request) => {
    if (!request.path.endsWith('/widget')) return handle(request);
    asked.push(request.query);
    return { status: 200, body };
  };
  const findings = await service.connect().check();
  expect(findings.find(({ check }) => check === 'widget')).toEqual({ check: 'widget', ok, message });
  expect(asked.map((query) => query.get('sites_ids[0]'))).toEqual(['3001']);
});

test('says how far the clocks differ', async () => {
  const findings = await connectTo(service.origin, { now: service.time.now + 95_000 })().check();
  expect(findings.at(-1)).toEqual({
    check: 'clock',
    ok: false,
    message: expect.stringMatching(/^the clocks differ by 95 s: set this machine's clock/),
  });
});

test.each([
  { body: '"2026-11-22 12:00:30"', message: 'the clocks differ by 30 s' },
  { body: '1795338030', message: 'the clocks differ by 30 s' },
  { body: '{"now": {"hour": 12}}', message: 'Pozvonim tells its time in a form that is not known' },
])("reads the server's time from $body", async ({ body, message }) => {
  const { handle } = service.simulator;
  service.simulator.handle = (request) =>
    request.path.endsWith('/server/time/now') ? { status: 200, body } : handle(request);
  expect((await service.connect().check()).at(-1)).toEqual({ check: 'clock', ok: true, message });
});

test('sends people to the network when Pozvonim does not answer', async () => {
  service.orderFault('hang-before', '/auth/token');
  expect(await service.connect().check()).toEqual([
    { check: 'token', ok: false, message: expect.stringContaining('POZVONIM_URL') },
  ]);
});

test('takes ids as numbers or text, and a key only by name', () => {
  const account = { provider: 'pozvonim', uid: 17, apiKey: { secret: 'pozvonim-key' }, siteId: '3001', region: 5 };
  expect(pozvonim.accountSchema.parse(account)).toEqual({ ...account, uid: '17', region: '5' });
  expect(pozvonim.accountSchema.safeParse({ ...account, apiKey: 'in plain text' }).success).toBe(false);
  expect(pozvonim.accountSchema.safeParse({ ...account, widget: 1 }).success).toBe(false);
});
