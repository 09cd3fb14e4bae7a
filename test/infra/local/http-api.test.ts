import { createServer, request as httpRequest } from 'node:http';
import { text } from 'node:stream/consumers';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { afterEach, expect, test } from 'vitest';
import { FunctionError } from '../../../infra/local/function-process.ts';
import { createHttpApi, type OtherHandler } from '../../../infra/local/http-api.ts';
import { close, listen } from '../../../infra/local/listen.ts';

const now = Date.parse('2026-11-22T09:00:30Z');
const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Setup = { result?: (event: APIGatewayProxyEventV2) => unknown; other?: OtherHandler; timeoutMs?: number };

async function startApi({ result = () => ({ statusCode: 204 }), other, timeoutMs = 30_000 }: Setup = {}) {
  const events: APIGatewayProxyEventV2[] = [];
  const lines: string[] = [];
  const api = createHttpApi({
    routes: [{ key: 'ANY /f/{formId}', functionName: 'submit', timeoutMs }],
    invoke: async (_name, event) => {
      events.push(event as APIGatewayProxyEventV2);
      return result(event as APIGatewayProxyEventV2);
    },
    other,
    clock: () => now,
    log: (line) => lines.push(line),
  });
  const server = createServer((request, response) => void api(request, response));
  const url = await listen(server);
  cleanups.push(() => close(server));
  const post = async (contentType: string | undefined, body: string | Buffer) => {
    await fetch(`${url}/f/callback`, {
      method: 'POST',
      body: new Uint8Array(Buffer.from(body)),
      headers: contentType === undefined ? {} : { 'content-type': contentType },
    });
    return events.at(-1) as APIGatewayProxyEventV2;
  };
  return { url, events, lines, post };
}

test('hands a request over as payload format 2.0', async () => {
  const { url, events } = await startApi();
  await fetch(`${url}/f/call%20back?tag=a&tag=b%2Cc&empty=`, {
    headers: { 'User-Agent': 'curl/8', Cookie: 'one=1; two=2', Accept: 'text/html' },
  });
  const [event] = events;
  expect(event).toMatchObject({
    version: '2.0',
    routeKey: 'ANY /f/{formId}',
    rawPath: '/f/call back',
    rawQueryString: 'tag=a&tag=b%2Cc&empty=',
    cookies: ['one=1', 'two=2'],
    queryStringParameters: { tag: 'a,b,c', empty: '' },
    pathParameters: { formId: 'call back' },
    headers: { 'user-agent': 'curl/8', accept: 'text/html', 'x-forwarded-for': '127.0.0.1', host: new URL(url).host },
    requestContext: {
      http: { method: 'GET', path: '/f/call back', protocol: 'HTTP/1.1', sourceIp: '127.0.0.1', userAgent: 'curl/8' },
      stage: '$default',
      time: '22/Nov/2026:09:00:30 +0000',
      timeEpoch: now,
    },
    isBase64Encoded: false,
  });
  expect(event?.headers).not.toHaveProperty('cookie');
  expect(event).not.toHaveProperty('body');
});

test('leaves out what the request does not have', async () => {
  const { url, events } = await startApi();
  await fetch(`${url}/f/callback`);
  expect(Object.keys(events[0] ?? {})).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(cookies|queryStringParameters|body)$/)]),
  );
});

test('joins repeated headers with a comma', async () => {
  const { url, events } = await startApi();
  const { hostname, port } = new URL(url);
  const request = httpRequest({ hostname, port, path: '/f/callback', headers: { 'X-Tag': ['a', 'b'] } }).end();
  await new Promise((resolve) => request.on('response', (response) => response.resume().on('end', resolve)));
  expect(events[0]?.headers['x-tag']).toBe('a,b');
});

test.each(['application/json', 'application/json; charset=utf-8', 'text/plain', 'application/xml'])(
  'gives a body of %s as text',
  async (contentType) => {
    const { post } = await startApi();
    expect(await post(contentType, '{"имя":1}')).toMatchObject({ body: '{"имя":1}', isBase64Encoded: false });
  },
);

test.each([
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/vnd.a+json',
  undefined,
])('gives a body of %s as base64', async (contentType) => {
  const { post } = await startApi();
  const body = Buffer.from('phone=%2B7\u0000ю');
  expect(await post(contentType, body)).toMatchObject({ body: body.toString('base64'), isBase64Encoded: true });
});

test('gives back status, headers, cookies and body', async () => {
  const { url } = await startApi({
    result: () => ({
      statusCode: 303,
      headers: { Location: '/thanks', 'X-Number': 5 },
      cookies: ['a=1; Path=/', 'b=2'],
      body: Buffer.from([0, 255, 1]).toString('base64'),
      isBase64Encoded: true,
    }),
  });
  const response = await fetch(`${url}/f/callback`, { redirect: 'manual' });
  expect(response.status).toBe(303);
  expect(Object.fromEntries(response.headers)).toMatchObject({ location: '/thanks', 'x-number': '5' });
  expect(response.headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2']);
  expect([...new Uint8Array(await response.arrayBuffer())]).toEqual([0, 255, 1]);
});

test.each([
  [{ ok: true }, '{"ok":true}', 'application/json'],
  ['hello', 'hello', 'application/json'],
  [undefined, 'null', 'application/json'],
  [{ statusCode: '200', body: 'hello' }, 'hello', 'text/plain;charset=UTF-8'],
])('reads the result %j', async (result, body, contentType) => {
  const { url } = await startApi({ result: () => result });
  const response = await fetch(`${url}/f/callback`);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(contentType);
  expect(await response.text()).toBe(body);
});

const broken: [string, () => unknown][] = [
  ['a function that fails', () => Promise.reject(new FunctionError('TypeError', 'as ordered'))],
  ['a result without a status', () => ({ statusCode: 'soon' })],
  ['a body that is no text', () => ({ statusCode: 200, body: { ok: true } })],
];
test.each(broken)('answers 500 for %s and logs it', async (_what, result) => {
  const { url, lines } = await startApi({ result });
  const response = await fetch(`${url}/f/callback`);
  expect(response.status).toBe(500);
  expect(await response.json()).toEqual({ message: 'Internal Server Error' });
  expect(lines).toEqual([expect.stringContaining('submit failed')]);
});

test('answers 503 when the function takes longer than the integration may', async () => {
  const { url } = await startApi({ result: () => new Promise(() => {}), timeoutMs: 50 });
  const response = await fetch(`${url}/f/callback`);
  expect(response.status).toBe(503);
  expect(await response.json()).toEqual({ message: 'Service Unavailable' });
});

test('answers 404 where there is no route', async () => {
  const { url, events } = await startApi();
  const response = await fetch(`${url}//f/callback`);
  expect(response.status).toBe(404);
  expect(await response.json()).toEqual({ message: 'Not Found' });
  expect(events).toEqual([]);
});

test('lets another handler have what no route takes, and only that', async () => {
  const other: OtherHandler = (request, response) => {
    if (request.url === '/nothing') return false;
    response.end('demo');
    return true;
  };
  const { url } = await startApi({ result: () => 'function', other });
  expect(await (await fetch(`${url}/`)).text()).toBe('demo');
  expect(await (await fetch(`${url}/f/callback`)).text()).toBe('function');
  expect((await fetch(`${url}/nothing`)).status).toBe(404);
});

test('takes 10 MB and refuses more, without calling the function', async () => {
  const { url, events } = await startApi({ result: (event) => String(event.body?.length) });
  const post = (bytes: number) =>
    fetch(`${url}/f/callback`, { method: 'POST', body: 'a'.repeat(bytes), headers: { 'content-type': 'text/plain' } });
  const limit = 10 * 1024 * 1024;
  expect(await (await post(limit)).text()).toBe(String(limit));
  const refused = await post(limit + 1);
  expect(refused.status).toBe(413);
  expect(await refused.json()).toEqual({ message: 'Request Entity Too Large' });
  expect(events).toHaveLength(1);
});

test('answers HEAD without a body', async () => {
  const { url } = await startApi({ result: () => 'hello' });
  const { hostname, port } = new URL(url);
  const request = httpRequest({ hostname, port, path: '/f/callback', method: 'HEAD' }).end();
  const body = await new Promise((resolve) => request.on('response', (response) => resolve(text(response))));
  expect(body).toBe('');
});
