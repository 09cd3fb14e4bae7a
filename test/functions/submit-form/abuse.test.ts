import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asBrowser, asJson, createSite, site } from './fixture.ts';

const phone = '+79161234567';
const kib64 = 64 * 1024;

const urlencoded = { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' };
const multipart = { 'content-type': 'multipart/form-data; boundary=x', accept: 'application/json' };
const part = (name: string, value: string) =>
  `--x\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('a body that cannot be meant is refused fast, and leaves nothing', () => {
  test.each([
    ['10,000 fields', urlencoded, 'a=&'.repeat(10_000), 400],
    ['10,000 fields of multipart', multipart, `${part('a', '').repeat(1_100)}--x--`, 400],
    [
      'depth 1,000 in JSON',
      { 'content-type': 'application/json' },
      `{"a":${'['.repeat(1000)}${']'.repeat(1000)}}`,
      422,
    ],
    ['depth 30,000 in JSON', { 'content-type': 'application/json' }, `{"a":${'['.repeat(3e4)}${']'.repeat(3e4)}}`, 422],
    ['JSON that never ends', { 'content-type': 'application/json' }, '['.repeat(60_000), 400],
    ['multipart without an end', multipart, part('phone', phone), 400],
    [
      'multipart without a boundary',
      { ...multipart, 'content-type': 'multipart/form-data' },
      part('phone', phone),
      400,
    ],
    [
      'multipart with a file',
      multipart,
      `${part('phone', phone)}--x\r\nContent-Disposition: form-data; name="f"; filename="a.exe"\r\n\r\nMZ\r\n--x--\r\n`,
      422,
    ],
    ['bad percent-encoding', urlencoded, `phone=${phone}&a=%`, 400],
    ['percent-encoding that is no UTF-8', urlencoded, `phone=${phone}&a=%FF%FE`, 400],
    ['bytes that are no UTF-8', urlencoded, Buffer.from([0x61, 0x3d, 0xff]), 400],
    ['a lone surrogate in JSON', { 'content-type': 'application/json' }, `{"phone":"${phone}","a":"\\ud800"}`, 400],
    ['a lone surrogate in an encoded form', urlencoded, `phone=${phone}&a=%ED%A0%80`, 400],
    ['NUL in a value', urlencoded, `phone=${phone}&a=%00`, 400],
    ['NUL in a name', { 'content-type': 'application/json' }, `{"phone":"${phone}","\\u0000":"a"}`, 400],
    ['a name without letters', urlencoded, `phone=${phone}&=a`, 400],
    ['a name without end', urlencoded, `phone=${phone}&${'n'.repeat(201)}=a`, 400],
    ['64 KiB of one character', urlencoded, `phone=${phone}&a=${'x'.repeat(kib64)}`, 413],
    ['64 KiB of one character in base64', urlencoded, Buffer.from(`phone=${phone}&a=${'x'.repeat(kib64)}`), 413],
    ['64 KiB as a phone', urlencoded, `phone=${'9'.repeat(kib64 - 6)}`, 422],
    ['64 KiB of brackets as a phone', urlencoded, `phone=${'('.repeat(kib64 - 6)}`, 422],
    [
      'text/plain carrying JSON',
      { 'content-type': 'text/plain', accept: 'application/json' },
      `{"phone":"${phone}"}`,
      415,
    ],
    ['no type at all', { accept: 'application/json' }, `phone=${phone}`, 415],
    [
      'another charset',
      { ...urlencoded, 'content-type': 'application/x-www-form-urlencoded; charset=windows-1251' },
      'a=',
      415,
    ],
  ] as const)('%s', async (_case, headers, body, expected) => {
    const { send, leads, nudges } = createSite();
    const { status, json } = await send({ headers, body });
    expect({ status, ok: json.ok, leads: leads(), nudges }).toEqual({
      status: expected,
      ok: false,
      leads: [],
      nudges: [],
    });
    const times = [];
    for (const _attempt of [1, 2, 3]) {
      const started = performance.now();
      await send({ headers, body });
      times.push(performance.now() - started);
    }
    // The best of three: the machine may be busy with something else.
    expect(Math.min(...times)).toBeLessThan(50);
  });

  test('exactly 64 KiB are taken, in base64 or not', async () => {
    const body = `phone=%2B79161234567&a=`.padEnd(kib64, 'x');
    for (const form of [body, Buffer.from(body)]) {
      const { status } = await createSite().send({ headers: urlencoded, body: form });
      expect(status).toBe(202);
    }
  });
});

describe('JSON of a wrong type', () => {
  test.each(['[]', '"text"', 'null', '1', 'true', '', '{'])('%s as the whole: 400', async (body) => {
    const { status } = await createSite().send({ headers: { 'content-type': 'application/json' }, body });
    expect(status).toBe(400);
  });

  test.each([
    ['phone', { phone: { a: 1 } }],
    ['name', { phone, name: {} }],
    ['_next', { phone, _next: { href: '/' } }],
    ['extra', { phone, extra: [['nested']] }],
    ['list', { phone, list: ['a', { b: 1 }] }],
    ['_key', { phone, _key: {} }],
  ])('an object as %s: 422, naming it', async (field, body) => {
    const { status, json } = await createSite().send(asJson(body));
    expect(status).toBe(422);
    expect(json.errors).toMatchObject([{ field, code: 'wrong_type' }]);
  });

  test('numbers and booleans are texts, null is nothing, long numbers keep their digits', async () => {
    const { send, leads } = createSite();
    const body = '{"phone":79161234567,"yes":true,"none":null,"n":1.5,"long":12345678901234567890,"list":[1,null,"a"]}';
    await send({ headers: { 'content-type': 'application/json' }, body });
    expect(leads()).toMatchObject([
      { phone, fields: { yes: 'true', n: '1.5', long: '12345678901234567890', list: ['1', 'a'] } },
    ]);
    expect(leads()[0]?.fields).not.toHaveProperty('none');
  });
});

describe('a phone sent twice', () => {
  test.each([
    ['urlencoded', { headers: urlencoded, body: 'phone=1&phone=2' }],
    ['multipart', { headers: multipart, body: `${part('phone', '1')}${part('phone', '2')}--x--` }],
    ['as a list', asJson({ phone: [phone, phone] })],
    [
      'in JSON, where parsers keep the last',
      { headers: { 'content-type': 'application/json' }, body: '{"phone":"1","ph\\u006fne":"2"}' },
    ],
    ['in two spellings', asJson({ phone, Phone: phone })],
  ])('%s: 400', async (_way, sent) => {
    const { status, json } = await createSite().send(sent);
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ code: 'repeated' }]);
  });

  test('in query and body: 400', async () => {
    const { status, json } = await createSite().send({ ...asJson({ phone }), query: 'Tel=1' });
    expect(status).toBe(400);
    expect(json.errors).toMatchObject([{ field: 'Tel', code: 'in_query' }]);
  });
});

describe('names that mean something elsewhere', () => {
  test('nothing inherits from __proto__', async () => {
    const bodies = [
      { headers: urlencoded, body: `phone=%2B79161234567&__proto__=polluted` },
      { headers: { 'content-type': 'application/json' }, body: `{"phone":"${phone}","__proto__":"polluted"}` },
      { headers: { 'content-type': 'application/json' }, body: `{"phone":"${phone}","__proto__":{"polluted":1}}` },
    ];
    for (const sent of bodies) {
      const { send, leads } = createSite();
      const { status } = await send(sent);
      expect([400, 422]).toContain(status);
      expect(leads()).toEqual([]);
    }
    expect({}).not.toHaveProperty('polluted');
  });

  test('other such names are plain names', async () => {
    const { send, leads } = createSite();
    const odd = {
      '__proto__[x]': 'a',
      'constructor.prototype': 'b',
      constructor: 'c',
      toString: 'd',
      hasOwnProperty: 'e',
    };
    const { status } = await send(asJson({ phone, ...odd }));
    expect(status).toBe(202);
    expect(leads()[0]?.fields).toEqual(odd);
  });

  test("the names of a lead's own parts stay the visitor's fields", async () => {
    const { send, leads, time } = createSite();
    const own = {
      state: 'done',
      id: 'mine',
      deliveries: 'none',
      ttl: '1',
      attempts: '9',
      spam: 'no',
      form: 'other',
      createdAt: '0',
      visitor: 'x',
      key: 'y',
      calls: 'z',
      pk: 'p',
      version: '7',
      referrer: 'r',
    };
    const { json } = await send(asJson({ phone, ...own }));
    expect(leads()).toMatchObject([{ id: json.id, form: 'main', createdAt: time.now, fields: own, attribution: {} }]);
    expect(leads()[0]?.deliveries).toHaveLength(2);
    expect(leads()[0]).not.toHaveProperty('spam');
  });
});

describe('who sends it', () => {
  const trusted = (origin: string) => asBrowser({ phone }, { origin, accept: 'application/json' });

  test.each([
    'null',
    'https://acme.example.evil',
    'https://evilacme.example',
    'http://acme.example',
    'https://acme.example:8443',
    'nonsense',
  ])('Origin: %s gets 403 and no CORS header', async (origin) => {
    const { send, leads } = createSite();
    const { status, headers, json } = await send(trusted(origin));
    expect({ status, error: json.error, leads: leads() }).toEqual({
      status: 403,
      error: 'origin_not_allowed',
      leads: [],
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  });

  test.each(['https://evil.example/acme.example', 'nonsense'])(
    'without Origin, Referer: %s gets 403',
    async (referer) => {
      const { status } = await createSite().send(asJson({ phone }, { referer }));
      expect(status).toBe(403);
    },
  );

  test('a program that names no origin is let in', async () => {
    const { status } = await createSite().send(asJson({ phone }));
    expect(status).toBe(202);
  });

  test("the form's own origin gets its CORS headers on success and on refusals", async () => {
    const { send } = createSite();
    for (const body of [{ phone }, { phone: '1' }]) {
      const { headers } = await send(asJson(body, { origin: site }));
      expect(headers).toMatchObject({ 'access-control-allow-origin': site, vary: 'Origin' });
    }
  });

  test('preflight is answered for the origins of the form, exactly', async () => {
    const { send } = createSite();
    const own = await send({ method: 'OPTIONS', headers: { origin: site } });
    expect(own.status).toBe(204);
    expect(own.headers).toMatchObject({
      'access-control-allow-origin': site,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': expect.stringContaining('Idempotency-Key'),
    });
    const other = await send({ method: 'OPTIONS', headers: { origin: 'https://evil.example' } });
    expect(other.status).toBe(403);
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test("a spoofed X-Forwarded-For does not replace the gateway's word", async () => {
    const { send, leads } = createSite();
    await send({
      ...asJson({ phone }, { 'x-forwarded-for': '10.0.0.1', forwarded: 'for=10.0.0.1' }),
      address: '198.51.100.9',
    });
    expect(leads()).toMatchObject([{ visitor: { address: '198.51.100.9' } }]);
  });

  test('a browser that tells its life is cut short', async () => {
    const { send, leads } = createSite();
    await send(asJson({ phone }, { 'user-agent': 'x'.repeat(8_000) }));
    expect(leads()[0]?.visitor.userAgent).toHaveLength(512);
  });
});

test('CR LF in any field makes no header and no line of log', async () => {
  const { send, logged } = createSite();
  const inject = 'a\r\nSet-Cookie: x=1\r\n\r\n{"event":"forged"}';
  const fields = {
    phone,
    name: inject,
    comment: inject,
    _subject: inject,
    _next: `/${inject}`,
    [inject]: inject,
    _key: inject,
  };
  const { headers, status } = await send(asBrowser(fields));
  expect(status).toBe(200);
  expect(Object.values(headers).join('')).not.toContain('Set-Cookie');
  expect(JSON.stringify(logged)).not.toMatch(/forged|\r|\n/);
});

test('no log line carries a phone, a name or a key', async () => {
  const { send, logged } = createSite();
  const canaries = { phone, name: 'Canary', email: 'canary@example.com', _key: 'canary-key' };
  await send(asJson(canaries));
  await send(asJson(canaries));
  await send(asJson({ ...canaries, name: 'Canary Two' }));
  await send(asJson({ ...canaries, phone: [phone, phone] }));
  expect(logged).toHaveLength(4);
  expect(JSON.stringify(logged)).not.toMatch(/916|canary/i);
});

test('what was typed is text on the error page, whatever it is', async () => {
  const attack = `"><script>alert(1)</script><img src=x onerror='a'>`;
  const { body } = await createSite().send(
    asBrowser({ phone: attack, name: attack, comment: attack, [attack]: attack }),
  );
  expect(body).toContain('&lt;script&gt;');
  expect(body).not.toMatch(/<script|<img|onerror='/);
});

test('no request whatever gets a 5xx', async () => {
  const types = fc.constantFrom(
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'multipart/form-data; boundary=',
    'text/plain',
    ';;',
  );
  const name = fc.constantFrom(
    'phone',
    'Телефон',
    'name',
    '_next',
    '_key',
    '_gotcha',
    '_language',
    'tranid',
    '',
    '__proto__',
    'x',
  );
  const text = fc.oneof(fc.constantFrom(phone, '8 (916) 123-45-67', '//evil', 'en'), fc.string({ unit: 'binary' }));
  const fields = fc.array(fc.tuple(name, text), { maxLength: 6 });
  const body = fc.oneof(
    fields.map((pairs) =>
      new URLSearchParams(pairs.map(([key, value]): [string, string] => [key, value.toWellFormed()])).toString(),
    ),
    fields.map((pairs) => JSON.stringify(Object.fromEntries(pairs))),
    fields.map((pairs) => `${pairs.map(([key, value]) => part(key, value)).join('')}--x--`),
    fc.json(),
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  );
  const headers = fc.record(
    {
      accept: fc.string(),
      origin: fc.constantFrom(site, 'null'),
      referer: fc.webUrl(),
      'idempotency-key': fc.string(),
      'accept-language': fc.string(),
    },
    { requiredKeys: [] },
  );
  await fc.assert(
    fc.asyncProperty(types, body, headers, fc.string(), async (type, sent, others, query) => {
      const { send } = createSite();
      const { status } = await send({ headers: { 'content-type': type, ...others }, body: sent, query });
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 500 },
  );
});

test('no body whatever takes over 50 ms of the processor', async () => {
  const unit = fc.constantFrom(
    ...[
      'a',
      '9',
      ' ',
      '(',
      '+',
      '%',
      '%41',
      '%F0%9F%98%80',
      '&',
      '=',
      '&a=',
      'a=1&',
      '\\',
      '"',
      '\\"',
      '{',
      '[',
      ',',
      ':',
      '"a":',
      '{"a":',
    ],
    ...[
      '-',
      '--x',
      '--x\r\n',
      '\r\n',
      ';',
      'доб',
      '\u00a0',
      '\ufb03',
      // Marks that are sorted by their classes.
      '\u0345',
      '\u0334',
      '＋',
      'Content-Disposition: form-data; name="a"\r\n',
      '<',
      '&#1;',
    ],
  );
  const frame = fc.constantFrom(
    ['application/x-www-form-urlencoded', '', ''],
    ['application/x-www-form-urlencoded', 'phone=', ''],
    ['application/x-www-form-urlencoded', 'phone=%2B79161234567&comment=', ''],
    ['application/x-www-form-urlencoded', '_charset_=windows-1251&COOKIES=', ''],
    ['application/x-www-form-urlencoded', 'phone=%2B79161234567&_next=', ''],
    ['application/x-www-form-urlencoded', 'phone=%2B79161234567&_stamp=', ''],
    ['application/json', '{"phone":"', '"}'],
    ['application/json', '{"phone":"+79161234567","a":[', ']}'],
    ['application/json', '', ''],
    ['multipart/form-data; boundary=x', '', ''],
    ['multipart/form-data; boundary=x', '--x\r\nContent-Disposition: form-data; name="phone"\r\n\r\n', '\r\n--x--'],
    ['multipart/form-data; boundary=-', '---', ''],
  );
  const filled = (pattern: string, length: number) =>
    pattern.repeat(Math.ceil(length / pattern.length)).slice(0, length);
  const repeated = fc
    .tuple(fc.array(unit, { minLength: 1, maxLength: 3 }), fc.nat(kib64), fc.boolean())
    .map(([units, length, isInRuns]) =>
      isInRuns ? units.map((each) => filled(each, length / units.length)).join('') : filled(units.join(''), length),
    );
  const { send } = createSite({ minFillSeconds: 3 });
  await fc.assert(
    fc.asyncProperty(frame, repeated, async ([type = '', start = '', end = ''], middle) => {
      const body = Buffer.from(start + middle + end).subarray(0, kib64);
      const took: number[] = [];
      // Again where it was slow: other work of this process counts too.
      while (took.length < 4 && Math.min(...took) >= 50) {
        const before = process.cpuUsage();
        const { status } = await send({ headers: { 'content-type': type, accept: 'text/html' }, body });
        const { user, system } = process.cpuUsage(before);
        took.push((user + system) / 1000);
        expect(status).toBeLessThan(500);
      }
      expect(Math.min(...took)).toBeLessThan(50);
    }),
    { numRuns: 400 },
  );
});
