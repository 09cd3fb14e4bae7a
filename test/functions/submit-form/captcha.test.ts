import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CaptchaKind } from '#shared/config/captchas.ts';
import { send as sendHttp } from '#shared/http/send.ts';
import { createVerifyCaptcha } from '../../../functions/submit-form/captcha/verify-captcha.ts';
import { createCaptchaTokens } from '../../../infra/local/simulators/captcha-tokens.ts';
import { serveSimulator } from '../../../infra/local/simulators/serve.ts';
import { createSmartcaptchaSimulator } from '../../../infra/local/simulators/smartcaptcha.ts';
import { createTurnstileSimulator } from '../../../infra/local/simulators/turnstile.ts';
import { listen } from '../../support/listen.ts';
import { asBrowser, asJson, createSite } from './fixture.ts';

const phone = '+79161234567';
const secret = 'the-secret-of-the-verifier';
const host = 'acme.example';

let now = Date.UTC(2026, 2, 2, 9, 5);
const tokens = createCaptchaTokens(() => now);
const turnstile = serveSimulator(createTurnstileSimulator([secret], tokens));
const smartcaptcha = serveSimulator(createSmartcaptchaSimulator([secret], tokens));
const requests: string[] = [];
let servers: Awaited<ReturnType<typeof listen>>[] = [];
let origins: Record<CaptchaKind, string>;

beforeAll(async () => {
  for (const { server } of [turnstile, smartcaptcha]) server.on('request', ({ url }) => void requests.push(url ?? ''));
  servers = await Promise.all([turnstile, smartcaptcha].map(({ server }) => listen(server)));
  const [first, second] = servers.map(({ origin }) => origin);
  origins = { turnstile: first ?? '', smartcaptcha: second ?? '' };
});
afterAll(() => Promise.all(servers.map(({ close }) => close())));
beforeEach(() => void requests.splice(0));

/** The form with this captcha, its verifier a simulator over HTTP, and how the page's widget fills its field. */
function createGuarded(kind: CaptchaKind, overrides: { readSecret?: () => Promise<string>; origin?: string } = {}) {
  const field = kind === 'turnstile' ? 'cf-turnstile-response' : 'smart-token';
  const captcha = { kind, secret: { secret: 'captcha-key' } };
  const verifications: string[] = [];
  const verifyCaptcha = createVerifyCaptcha({
    send: sendHttp,
    readSecret: overrides.readSecret ?? (async () => secret),
    origins: overrides.origin === undefined ? origins : { ...origins, [kind]: overrides.origin },
    log: (event, details) => void verifications.push(JSON.stringify({ event, ...details })),
  });
  const site = createSite({ captcha }, { verifyCaptcha });
  const withToken = (fields: object = {}, token = tokens.mint(host)) => asJson({ phone, [field]: token, ...fields });
  return { ...site, verifications, field, withToken };
}

describe.each(['turnstile', 'smartcaptcha'] as const)('%s', (kind) => {
  test('a good token lets a lead in, is not kept, and the phone rings', async () => {
    const { send, leads, nudges, withToken } = createGuarded(kind);
    const { status } = await send(withToken({ name: 'Anna' }));
    expect(status).toBe(202);
    expect(leads()).toMatchObject([{ phone, name: 'Anna', fields: {} }]);
    expect(nudges).toHaveLength(2);
    expect(requests).toHaveLength(1);
  });

  test('none at all: 422 on its field, and the verifier is not bothered', async () => {
    const { send, leads, field } = createGuarded(kind);
    const { status, json } = await send(asJson({ phone, [field]: ' ' }));
    expect({ status, errors: json.errors }).toMatchObject({
      status: 422,
      errors: [{ field, code: 'captcha_missing' }],
    });
    expect({ leads: leads(), requests }).toEqual({ leads: [], requests: [] });
  });

  test.each([
    ['that nobody handed out', () => 'made-up'],
    ['that is longer than any', () => 'x'.repeat(5_000)],
    ['of another host', () => tokens.mint('evil.example')],
    ['of a host whose name begins alike', () => tokens.mint('acme.example.evil')],
    ['that is too old', () => tokens.mint(host), 6 * 60_000],
  ])('a token %s: 422 on its field, no lead, no call', async (_case, mint, age = 0) => {
    const { send, leads, nudges, field, withToken } = createGuarded(kind);
    const sent = withToken({}, mint());
    now += age;
    const { status, json } = await send(sent);
    expect({ status, errors: json.errors }).toMatchObject({
      status: 422,
      errors: [{ field, code: 'captcha_refused' }],
    });
    expect({ leads: leads(), nudges }).toEqual({ leads: [], nudges: [] });
  });

  test('a token used for another lead before: 422', async () => {
    const { send, leads, withToken } = createGuarded(kind);
    const token = tokens.mint(host);
    await send(withToken({ _key: 'a' }, token));
    const { status, json } = await send(withToken({ _key: 'b' }, token));
    expect({ status, code: json.errors[0].code }).toEqual({ status: 422, code: 'captcha_refused' });
    expect(leads()).toHaveLength(1);
  });

  test.each([{ _key: 'k' }, {}])('a repeat (%j) spends no second token, whatever it carries', async (key) => {
    const { send, leads, withToken, field } = createGuarded(kind);
    const first = await send(withToken(key));
    const again = await send(withToken(key, 'made-up'));
    const without = await send(asJson({ phone, [field]: '', ...key }));
    expect([again, without].map(({ status, json }) => ({ status, json }))).toEqual([
      { status: 202, json: first.json },
      { status: 202, json: first.json },
    ]);
    expect(requests).toHaveLength(1);
    expect(leads()).toHaveLength(1);
  });

  test('another payload under a used key is refused without asking the verifier', async () => {
    const { send, withToken } = createGuarded(kind);
    await send(withToken({ _key: 'k' }));
    const { status, json } = await send(withToken({ _key: 'k', name: 'Olga' }));
    expect({ status, error: json.error, asked: requests.length }).toEqual({
      status: 422,
      error: 'key_reused',
      asked: 1,
    });
  });

  test('nobody mends the lead of a phone without a good token', async () => {
    const { send, leads, withToken } = createGuarded(kind);
    await send(withToken({ name: 'Anna' }));
    expect((await send(withToken({ name: 'Evil' }, 'made-up'))).status).toBe(422);
    expect((await send(withToken({ name: 'Anna B.' }))).status).toBe(202);
    expect(leads()).toMatchObject([{ name: 'Anna B.' }]);
  });

  test('the same form ten times at once with one token is one lead, and a success each time', async () => {
    const { send, leads, nudges, withToken } = createGuarded(kind);
    const sent = withToken({ _key: 'k' });
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array(10).fill(202));
    expect({ leads: leads().length, nudges: nudges.length }).toEqual({ leads: 1, nudges: 2 });
  });

  test('a filled honeypot costs no verification', async () => {
    const { send, leads } = createGuarded(kind);
    expect((await send(asJson({ phone, _gotcha: 'x' }))).status).toBe(202);
    expect({ spam: leads()[0]?.spam, requests }).toEqual({ spam: 'honeypot', requests: [] });
  });

  describe('when the verifier cannot be asked, the visitor sees success and nothing rings', () => {
    const verifier = kind === 'turnstile' ? turnstile : smartcaptcha;

    async function expectHeld(overrides?: Parameters<typeof createGuarded>[1]) {
      const { send, field, leads, nudges, logged, verifications } = createGuarded(kind, overrides);
      const sent = { phone, [field]: tokens.mint(host), _next: '/thanks' };
      const { status, headers } = await send(asBrowser(sent));
      expect({ status, location: headers['location'] }).toEqual({ status: 303, location: `https://${host}/thanks` });
      const reason = 'the captcha could not be verified';
      expect(leads()[0]?.deliveries).toMatchObject([
        { id: 'call', state: 'HELD', reason, nextAt: null, wakeAt: null },
        { id: 'track:copy', state: 'HELD', reason, nextAt: null, wakeAt: null },
      ]);
      expect(nudges).toEqual([]);
      expect(verifications).toEqual([expect.stringContaining('captcha not verified')]);
      expect(verifications.join()).not.toContain(secret);
      expect(logged.filter(({ event }) => event === 'delivery needs attention')).toHaveLength(2);
    }

    test.each(['error-before', 'error-after', 'reset-before', 'html', 'too-many'] as const)('%s', async (fault) => {
      verifier.order(fault);
      await expectHeld();
    });

    test('nobody listens', () => expectHeld({ origin: 'http://127.0.0.1:9' }));

    test('the secret is wrong', () => expectHeld({ readSecret: async () => 'of another site' }));

    test('the secret cannot be read', () =>
      expectHeld({
        readSecret: async () => {
          throw new Error('the parameter store is away');
        },
      }));
  });

  test('a verifier that hangs is waited for no longer than 3 s', async () => {
    (kind === 'turnstile' ? turnstile : smartcaptcha).order('hang-before');
    const { send, leads, withToken } = createGuarded(kind);
    const started = performance.now();
    expect((await send(withToken())).status).toBe(202);
    expect(performance.now() - started).toBeLessThan(4_500);
    expect(leads()).toMatchObject([{ deliveries: [{ state: 'HELD' }, { state: 'HELD' }] }]);
  });

  test('the page for a mistyped phone carries the unspent token on', async () => {
    const { send, field } = createGuarded(kind);
    const token = tokens.mint(host);
    const { status, body } = await send(asBrowser({ phone: '12', [field]: token }));
    expect({ status, requests }).toEqual({ status: 422, requests: [] });
    expect(body).toContain(`<input type="hidden" name="${field}" value="${token}">`);
  });

  test('the page for a refused token shows no form, for there is no captcha on it', async () => {
    const { send, field } = createGuarded(kind);
    const { status, body } = await send(asBrowser({ phone, [field]: 'made-up' }));
    expect(status).toBe(422);
    expect(body).toContain('Go back to the page with the form and take it again.');
    expect(body).not.toContain('<form');
  });
});

describe("the action of Turnstile's widget", () => {
  test.each([
    ['the form’s own', 'main', 202],
    ['none', '', 202],
    ["another widget's", 'login', 422],
  ])('%s', async (_case, action, expected) => {
    const { send, withToken } = createGuarded('turnstile');
    expect((await send(withToken({}, tokens.mint(host, action)))).status).toBe(expected);
  });
});

test.each([
  ['turnstile', '{"success":"yes"}'],
  ['turnstile', '{"success":true}'],
  ['turnstile', '{"success":true,"hostname":7}'],
  ['turnstile', '{"success":false}'],
  ['turnstile', '{"success":false,"error-codes":["internal-error"]}'],
  ['turnstile', '[]'],
  ['smartcaptcha', '{"status":"ok"}'],
  ['smartcaptcha', '{"status":1}'],
  ['smartcaptcha', 'null'],
] as const)('%s answering %s says nothing that can be relied on', async (kind, text) => {
  const verify = createVerifyCaptcha({
    send: async () => ({ status: 200, headers: {}, text }),
    readSecret: async () => secret,
    origins,
    log: () => {},
  });
  const form = { origins: [`https://${host}`], captcha: { kind, secret: { secret: 'captcha-key' } } };
  expect(await verify(form, { token: 't', address: undefined, lead: 'a'.repeat(32), form: 'main' })).toBe(
    'unavailable',
  );
});
