import { describe, expect, test } from 'vitest';
import { asBrowser, asJson, createSite, site } from './fixture.ts';

const phone = '+79161234567';
const minute = 60_000;

describe('a form becomes one lead', () => {
  test('with all that was said, and a nudge for each delivery', async () => {
    const { send, leads, nudges, time } = createSite();
    const sent = {
      Телефон: '8 (916) 123-45-67',
      Имя: ' Анна ',
      'E-Mail': 'anna@example.com',
      Комментарий: 'после 18',
      colour: ['red', 'blue'],
      utm_source: 'ads',
      _referrer: 'https://search.example/',
      _subject: 'Price list',
    };
    const { json } = await send({ ...asJson(sent, { 'user-agent': 'Browser/1' }), address: '198.51.100.4' });
    expect(leads()).toEqual([
      {
        id: json.id,
        form: 'main',
        createdAt: time.now,
        updatedAt: time.now,
        phone,
        name: 'Анна',
        email: 'anna@example.com',
        comment: 'после 18',
        subject: 'Price list',
        language: 'ru',
        fields: { colour: ['red', 'blue'] },
        attribution: { utm_source: 'ads', referrer: 'https://search.example/' },
        visitor: { address: '198.51.100.4', userAgent: 'Browser/1' },
        key: { source: 'window', payloadHash: expect.stringMatching(/^[0-9a-f]{32}$/) },
        deliveries: [
          expect.objectContaining({ id: 'call', account: 'main', state: 'READY' }),
          expect.objectContaining({ id: 'track:copy', account: 'copy', state: 'READY' }),
        ],
        calls: [],
      },
    ]);
    expect(nudges).toEqual([
      { provider: 'callkeeper', nudge: { lead: json.id, delivery: 'call' } },
      { provider: 'calltouch', nudge: { lead: json.id, delivery: 'track:copy' } },
    ]);
  });

  test('under the name of the form when it has no subject of its own', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone }));
    expect(leads()).toMatchObject([{ subject: 'Call me' }]);
  });

  test("by the form's own names of fields, which then are the only ones", async () => {
    const { send, leads } = createSite({ fields: { phone: 'Nummer', name: ['who', 'nick'] } });
    await send(asJson({ nummer: phone, phone: 'none of it', nick: 'Anna' }));
    expect(leads()).toMatchObject([{ phone, name: 'Anna', fields: { phone: 'none of it' } }]);
  });

  test("with a file's name in place of the file, where the form drops files", async () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    const part = (head: string, value: string) => `--x\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`;
    const body = `${part('name="phone"', phone)}${part('name="photo"; filename="a.png"', 'PNG')}--x--`;
    const { send, leads } = createSite({ files: 'drop' });
    await send({ headers, body });
    expect(leads()).toMatchObject([{ phone, fields: { photo: 'a.png' } }]);
  });

  test('in the charset of its page', async () => {
    const { send, leads } = createSite();
    await send(asBrowser('phone=%2B79161234567&%C8%EC%FF=%C0%ED%ED%E0&_charset_=windows-1251'));
    expect(leads()).toMatchObject([{ phone, name: 'Анна', fields: {} }]);
  });

  test('and is a success although no queue can be reached', async () => {
    const sendNudge = async () => {
      throw new Error('the queue is away');
    };
    const { send, leads, logged } = createSite({}, { sendNudge });
    const { status } = await send(asJson({ phone }));
    expect(status).toBe(202);
    expect(leads()).toMatchObject([{ deliveries: [{ wakeAt: expect.any(Number) }, {}] }]);
    expect(logged.map(({ event }) => event)).toEqual(['lead accepted', 'nudge not sent', 'nudge not sent']);
  });
});

describe('a filled honeypot', () => {
  test('gets the answer that a person gets, is kept as spam, and nobody is nudged', async () => {
    const { send, leads, nudges } = createSite();
    const { status, headers } = await send(asBrowser({ phone, _gotcha: 'http://spam', _next: '/thanks' }));
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: `${site}/thanks` });
    expect(leads()).toMatchObject([{ spam: 'honeypot', fields: {} }]);
    expect(nudges).toEqual([]);
  });

  test('does not stand in the way of the person with that phone', async () => {
    const { send, leads, nudges } = createSite();
    await send(asJson({ phone, _gotcha: 'x' }));
    await send(asJson({ phone, _gotcha: '' }));
    expect(leads().map(({ spam }) => spam)).toEqual(['honeypot', undefined]);
    expect(nudges).toHaveLength(2);
  });
});

describe.each([
  ['the header', { 'idempotency-key': 'k-1' }, {}],
  ['the field', {}, { _key: 'k-1' }],
] as const)('a key in %s', (_where, headers, field) => {
  test('same key and payload: the first answer again, and nobody is nudged twice', async () => {
    const { send, leads, nudges, time } = createSite();
    const first = await send(asJson({ phone, ...field }, headers));
    time.now += 60 * minute;
    const again = await send(asJson({ ...field, phone }, headers));
    expect(first.headers).not.toHaveProperty('idempotency-replayed');
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect({ status: again.status, json: again.json }).toEqual({ status: 202, json: first.json });
    expect(leads()).toHaveLength(1);
    expect(nudges).toHaveLength(2);
  });

  test('same key, other payload: 422, and the lead stays as it was', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone, name: 'Anna', ...field }, headers));
    const { status, json } = await send(asJson({ phone, name: 'Olga', ...field }, headers));
    expect({ status, error: json.error }).toEqual({ status: 422, error: 'key_reused' });
    expect(leads()).toMatchObject([{ name: 'Anna' }]);
  });

  test('a captcha token is not part of the payload', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone, 'smart-token': 'a', 'cf-turnstile-response': 'b', ...field }, headers));
    const { headers: answered } = await send(asJson({ phone, 'smart-token': 'c', ...field }, headers));
    expect(answered).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(leads()).toMatchObject([{ fields: {} }]);
  });

  test('two keys: two leads', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone, ...field }, headers));
    await send(asJson({ phone, _key: 'k-2' }));
    expect(leads()).toHaveLength(2);
  });

  test('100 times at once: one lead, one nudge for each delivery', async () => {
    const { send, leads, nudges } = createSite();
    const answers = await Promise.all(Array.from({ length: 100 }, () => send(asJson({ phone, ...field }, headers))));
    expect(new Set(answers.map(({ json }) => json.id)).size).toBe(1);
    expect(answers.filter((answer) => answer.headers['idempotency-replayed'] === undefined)).toHaveLength(1);
    expect(leads()).toHaveLength(1);
    expect(nudges).toHaveLength(2);
  });
});

describe('the order and the limits of keys', () => {
  test('the header comes before the field, the field before tranid', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone, _key: 'b', tranid: 'c' }, { 'idempotency-key': 'a' }));
    await send(asJson({ phone, _key: 'b', tranid: 'c' }));
    await send(asJson({ phone, tranid: 'c' }));
    expect(leads().map(({ key }) => key.source)).toEqual(['header', 'field', 'tilda']);
  });

  test.each([
    ['too long', { _key: 'k'.repeat(256) }],
    ['a list', { _key: ['a', 'b'] }],
  ])('a key that is %s: 400', async (_case, key) => {
    const { status, json } = await createSite().send(asJson({ phone, ...key }));
    expect({ status, error: json.error }).toEqual({ status: 400, error: 'bad_key' });
  });

  test('an empty key is none', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone, _key: '' }, { 'idempotency-key': '' }));
    expect(leads()).toMatchObject([{ key: { source: 'window' } }]);
  });
});

describe('without a key, for ten minutes', () => {
  test('the same form again is the same lead, replayed', async () => {
    const { send, leads, time } = createSite();
    const first = await send(asJson({ phone }));
    time.now += minute;
    const again = await send(asJson({ phone }));
    expect(again.json).toEqual(first.json);
    expect(again.headers).toMatchObject({ 'idempotency-replayed': 'true' });
    expect(leads()).toHaveLength(1);
  });

  test('a visitor who mends a field keeps the lead, with the new fields on it', async () => {
    const { send, leads, nudges, time } = createSite();
    const first = await send(asJson({ phone, name: 'Ana', comment: 'hi', size: '1', utm_source: 'ads' }));
    time.now += minute;
    const again = await send(asJson({ phone: '8 916 123-45-67', name: 'Anna', size: '2', more: 'x', utm_source: '?' }));
    expect(again.json).toEqual(first.json);
    expect(again.headers).not.toHaveProperty('idempotency-replayed');
    expect(leads()).toMatchObject([
      { name: 'Anna', comment: 'hi', fields: { size: '2', more: 'x' }, attribution: { utm_source: 'ads' } },
    ]);
    expect(nudges).toHaveLength(2);
  });

  test.each([
    ['9:59.9 and its neighbour after the edge', '09:09:59.900Z', 1_000],
    ['the start of a window and the end of the ten minutes', '09:05:00Z', 10 * minute - 1],
    ['the very edge', '09:10:00Z', 10 * minute - 1],
    ['a clock that is 90 s behind the first', '09:10:30Z', -90_000],
  ])('no hole at %s', async (_case, start, later) => {
    const { send, leads, time } = createSite();
    time.now = Date.parse(`2026-03-02T${start}`);
    await send(asJson({ phone }));
    time.now += later;
    await send(asJson({ phone }));
    expect(leads()).toHaveLength(1);
  });

  test.each(['09:00:00Z', '09:05:00Z', '09:09:59.999Z'])('and after them, from %s, it is a new lead', async (start) => {
    const { send, leads, time } = createSite();
    time.now = Date.parse(`2026-03-02T${start}`);
    await send(asJson({ phone }));
    time.now += 10 * minute;
    await send(asJson({ phone }));
    expect(leads()).toHaveLength(2);
  });

  test('grows no larger than one form may be, however often it is mended', async () => {
    const site = createSite({ rateLimit: { requests: 100, perSeconds: 60 } });
    const words = 'word '.repeat(4_000);
    for (let turn = 0; turn < 8; turn++) {
      const { status } = await site.send(asJson({ phone: '+79161234567', [`field-${turn}`]: words }));
      expect(status).toBe(202);
    }
    const [lead] = site.leads();
    expect(Object.keys(lead?.fields ?? {})).toContain('field-7');
    expect(JSON.stringify(lead?.fields).length).toBeLessThanOrEqual(64 * 1024);
  });

  test('another phone is another lead', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone }));
    await send(asJson({ phone: '+79161234568' }));
    expect(leads()).toHaveLength(2);
  });
});
