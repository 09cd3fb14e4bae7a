import { createServer } from 'node:http';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { listen } from '../../../support/listen.ts';
import { connectTo, order } from './connect.ts';
import { type Pozvonim, startPozvonim } from './set-up.ts';

const token = 'c0ffee00c0ffee00c0ffee00c0ffee00';

/** A Pozvonim that gives a token and then answers everything in one way; it keeps what was asked. */
async function startAnswering(status: number, body: string) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const isToken = request.url?.startsWith('/v2u/auth/token') ?? false;
    request.on('data', (chunk) => asked.push(String(chunk)));
    request.on('end', () => {
      asked.push(request.url ?? '');
      response.writeHead(isToken ? 200 : status, { location: 'https://elsewhere.example/' });
      response.end(isToken ? JSON.stringify({ token, expire: 4_000_000_000 }) : body);
    });
  });
  const { origin, close } = await listen(server);
  return { connection: connectTo(origin, { now: 0 })(), asked, close };
}

async function failureOf(status: number, body: unknown): Promise<unknown> {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const { connection, close } = await startAnswering(status, text);
  try {
    return await connection.placeCall?.(order).catch((error: unknown) => error);
  } finally {
    await close();
  }
}

const refusal = (http_code: number, code: string, message: string) => ({ error: { code, http_code, message } });

test.each([
  { status: 400, body: refusal(400, 'CALL-PHONE-INVALID', 'Wrong number'), fault: 'lead' },
  { status: 422, body: refusal(422, 'GEN-VALIDATION', 'Неверный номер'), fault: 'lead' },
  { status: 403, body: refusal(403, 'GEN-DENIED', 'The phone is blacklisted'), fault: 'lead' },
  { status: 200, body: refusal(400, 'CALL-PHONE-INVALID', 'Wrong number'), fault: 'lead' },
  { status: 400, body: refusal(400, 'GEN-VALIDATION', 'No manager has a phone'), fault: 'account' },
  { status: 400, body: refusal(400, 'GEN-VALIDATION', 'region: unknown'), fault: 'account' },
  { status: 401, body: '', fault: 'account' },
  { status: 403, body: '<h1>Forbidden</h1>', fault: 'account' },
  { status: 402, body: refusal(402, 'NO-MONEY', 'Top up'), fault: 'account' },
  { status: 404, body: refusal(404, 'SITE-NOT-FOUND', 'No such site'), fault: 'account' },
  { status: 429, body: '', fault: 'passing' },
  { status: 200, body: refusal(429, 'GEN-TOO-MANY', 'Slow down'), fault: 'passing' },
  { status: 409, body: refusal(409, 'CALL-EXISTS', 'The phone is being called'), fault: 'unknown' },
  { status: 404, body: '<h1>Not Found</h1>', fault: 'unknown' },
  { status: 400, body: refusal(502, 'GEN-SERVER-ERROR', 'phone'), fault: 'unknown' },
  { status: 502, body: refusal(400, 'GEN-SERVER-ERROR', 'phone'), fault: 'unknown' },
  { status: 502, body: refusal(502, 'GEN-SERVER-ERROR', 'Oops something wrong!'), fault: 'unknown' },
  { status: 301, body: '', fault: 'unknown' },
  { status: 206, body: { id: 1, call_id: 2 }, fault: 'unknown' },
  { status: 204, body: '', fault: 'unknown' },
  { status: 200, body: '', fault: 'unknown' },
  { status: 200, body: '<!doctype html>', fault: 'unknown' },
  { status: 200, body: '{"id": 1, "call_', fault: 'unknown' },
  { status: 200, body: { error: 'phone' }, fault: 'unknown' },
  { status: 200, body: refusal(200, 'GEN', 'phone'), fault: 'unknown' },
  { status: 200, body: { id: null, call_id: {} }, fault: 'unknown' },
  { status: 200, body: [], fault: 'unknown' },
  { status: 200, body: `{"call_id": 1, "text": "${'x'.repeat(2 ** 20)}"}`, fault: 'unknown' },
])('$status $body: the fault is $fault', async ({ status, body, fault }) => {
  expect(await failureOf(status, body)).toMatchObject({ name: 'ProviderError', provider: 'pozvonim', fault });
});

test('a call is known by call_id, else by id, with all its digits', async () => {
  expect(await failureOf(201, '{"id": 5, "call_id": 90071992547409931}')).toEqual({ providerId: '90071992547409931' });
  expect(await failureOf(200, { id: 5 })).toEqual({ providerId: '5' });
});

test('a list in which the call could hide is an error, not an empty list', async () => {
  const search = { phone: order.phone, from: 0, to: 60_000 };
  const records = [
    [{ id: 1, client: '79161112233' }],
    [{ id: 1, created_at: 'yesterday' }],
    [{ client: '79161112233', created_at: '1970-01-01 03:00:01' }],
    { calls: [] },
  ];
  for (const list of records) {
    const { connection, close } = await startListing(list);
    await expect(connection.findCalls?.(search)).rejects.toMatchObject({ fault: 'unknown' });
    await close();
  }
});

test('a phone is recognised as Russians write it, and a zone of Moscow is assumed where none is told', async () => {
  const search = { phone: order.phone, from: 0, to: 60_000 };
  for (const client of ['+7 (916) 111-22-33', '89161112233', '9161112233', 79161112233]) {
    const { connection, close } = await startListing([{ id: 1, client, created_at: '1970-01-01 03:00:01' }]);
    expect(await connection.findCalls?.(search)).toEqual([{ providerId: '1', phone: order.phone, orderedAt: 1_000 }]);
    await close();
  }
});

test('a zone that nobody knows stops the search', async () => {
  const { connection, close } = await startListing([], { timezone: 'MSK+0' });
  await expect(connection.findCalls?.({ phone: order.phone, from: 0, to: 1 })).rejects.toThrow(
    'time zone of the profile',
  );
  await close();
});

async function startListing(list: unknown, profile: unknown = {}) {
  const server = createServer((request, response) => {
    const path = request.url?.split('?')[0] ?? '';
    const answers: Record<string, unknown> = {
      '/v2u/auth/token': { token },
      '/v2u/profile': profile,
      '/v2u/calls': list,
    };
    response.end(JSON.stringify(answers[path]));
  });
  const { origin, close } = await listen(server);
  return { connection: connectTo(origin, { now: 0 })(), close };
}

describe('of what an error tells', () => {
  const visitor = { address: '192.0.2.77', userAgent: 'Canary/1.0' };
  const apiKey = 'canary-api-key';

  test('the token, the sign, the key and the visitor are no part, whatever the provider quotes', async () => {
    const quoted = createServer((request, response) => {
      const isToken = request.url?.startsWith('/v2u/auth/token') ?? false;
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        const values = [...new URLSearchParams(body).values()].join(' ');
        const message = `${values} ${body} ${token} +7 (916) 111-22-33 9161112233 vasya@mail.example`;
        response.writeHead(isToken ? 200 : 400);
        response.end(JSON.stringify(isToken ? { token } : refusal(400, 'GEN-VALIDATION', message)));
        asked.push(new URLSearchParams(body).get('sign') ?? '');
      });
    });
    const asked: string[] = [];
    const { origin, close } = await listen(quoted);
    const connection = connectTo(origin, { now: 0 })({ apiKey });
    const error = await connection.placeCall?.({ ...order, visitor }).catch((failure: unknown) => failure);
    await close();
    const told = inspect(error, { depth: null });
    const sign = asked.at(-1) ?? '';
    expect(sign).toMatch(/^[0-9a-f]{32}$/);
    expect(told).toContain('GEN-VALIDATION');
    for (const canary of [token, sign, apiKey, '1112233', '111-22-33', visitor.address, visitor.userAgent, 'vasya@'])
      expect(told).not.toContain(canary);
  });

  test('the address of a request is no part either, when no answer comes', async () => {
    const { origin, close } = await listen(createServer());
    await close();
    const error = await connectTo(origin, { now: 0 })({ apiKey })
      .placeCall?.({ ...order, visitor })
      .catch((failure: unknown) => failure);
    expect(error).toMatchObject({ fault: 'passing' });
    const told = inspect(error, { depth: null });
    for (const canary of [apiKey, 'sign=', '1112233', visitor.address]) expect(told).not.toContain(canary);
  });
});

describe('against the simulator', () => {
  let service: Pozvonim;
  beforeEach(async () => {
    service = await startPozvonim();
    await service.connect().invoke('getProfile', {});
  });
  afterEach(() => service.close());

  test('a site that is not there is the fault of the account', async () => {
    await expect(service.connect({ siteId: '99' }).placeCall?.(order)).rejects.toMatchObject({
      fault: 'account',
      message: 'HTTP 404, SITE-NOT-FOUND: There is no such site',
    });
  });

  test('a reason keeps its words, whatever else was sent', async () => {
    const params = {
      site: { url: 'https://site.ru/' },
      managers: [{ phone: '74950000001' }],
      widget: {},
      blacklists: {},
    };
    await expect(service.connect().invoke('updateSite', { siteId: 99, ...params })).rejects.toThrow(
      'HTTP 404, SITE-NOT-FOUND: There is no such site',
    );
  });

  test('a phone that is none is the fault of the lead, and is not quoted', async () => {
    await expect(service.connect().placeCall?.({ ...order, phone: '+712345' })).rejects.toMatchObject({
      fault: 'lead',
      message: 'HTTP 400, CALL-PHONE-INVALID: The phone … is not a number',
    });
  });
});
