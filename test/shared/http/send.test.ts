import { createServer } from 'node:http';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { type HttpRequest, SendError, send } from '#shared/http/send.ts';
import { listen } from '../../support/listen.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function serve(server: Server) {
  const listening = await listen(server);
  closers.push(listening.close);
  return listening;
}

/** Speaks raw TCP, so that an answer can break where HTTP servers would not break it. */
function rawServer(answer: (socket: Socket, request: string) => void) {
  return serve(
    createTcpServer((socket) => {
      socket.on('error', () => socket.destroy());
      socket.once('data', (data) => answer(socket, data.toString()));
    }),
  );
}

const order = (url: string, changes: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'POST',
  url,
  body: 'client=79161112233',
  timeoutMs: 5_000,
  maxBytes: 10_000,
  ...changes,
});

async function failure(request: HttpRequest): Promise<SendError> {
  const error = await send(request).then(
    (response) => new Error(`answered ${response.status}`),
    (reason: unknown) => reason,
  );
  if (!(error instanceof SendError)) throw error;
  return error;
}

test('what comes back is status, headers in small letters and text', async () => {
  const { origin } = await serve(
    createServer((request, response) => {
      response.writeHead(201, { 'X-Verb': request.method ?? '', 'X-Connection': request.headers.connection ?? '' });
      request.pipe(response);
    }),
  );
  const response = await send(order(`${origin}/orderCall`, { body: 'имя=Анна' }));
  expect(response).toMatchObject({
    status: 201,
    text: 'имя=Анна',
    headers: { 'x-verb': 'POST', 'x-connection': 'close' },
  });
});

test('a refused connection proves that nothing was sent', async () => {
  const { port, close } = await listen(createServer());
  await close();
  expect(await failure(order(`http://127.0.0.1:${port}/`))).toMatchObject({ sent: false });
});

test('a name that cannot be resolved proves that nothing was sent', async () => {
  expect(await failure(order('http://x.invalid/'))).toMatchObject({ sent: false });
});

test('a failed TLS handshake proves that nothing was sent', async () => {
  const seen: string[] = [];
  const { port } = await rawServer((socket, data) => {
    seen.push(data);
    socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
  });
  expect(await failure(order(`https://127.0.0.1:${port}/`))).toMatchObject({ sent: false });
  expect(seen.join('')).not.toContain('client=');
});

test('a connection reset after the request leaves it open whether it was acted upon', async () => {
  const { origin } = await rawServer((socket) => socket.resetAndDestroy());
  expect(await failure(order(origin))).toMatchObject({ sent: true });
});

test('a connection closed without an answer leaves it open', async () => {
  const { origin } = await rawServer((socket) => socket.end());
  expect(await failure(order(origin))).toMatchObject({ sent: true });
});

test('an answer that breaks off in the middle leaves it open', async () => {
  const { origin } = await rawServer((socket) => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n[{"id":'));
  expect(await failure(order(origin))).toMatchObject({ sent: true });
});

test('no answer in time leaves it open', async () => {
  const { origin } = await rawServer(() => {});
  const error = await failure(order(origin, { timeoutMs: 50 }));
  expect(error).toMatchObject({ sent: true, message: 'no answer in time' });
});

test('an answer whose body stalls counts against the same time', async () => {
  const { origin } = await rawServer((socket) => socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n['));
  expect(await failure(order(origin, { timeoutMs: 100 }))).toMatchObject({ sent: true });
});

test('an endless answer is cut off at its limit and leaves it open', async () => {
  let written = 0;
  const { origin } = await rawServer((socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const more = () => {
      while (!socket.destroyed) {
        written += 1000;
        if (!socket.write(`3e8\r\n${'x'.repeat(1000)}\r\n`)) return;
      }
    };
    socket.on('drain', more);
    more();
  });
  const error = await failure(order(origin));
  expect(error).toMatchObject({ sent: true, message: 'the answer is longer than 10000 bytes' });
  expect(written).toBeLessThan(50_000_000);
});

test('an answer of exactly the limit is read', async () => {
  const { origin } = await serve(createServer((_, response) => response.end('x'.repeat(10_000))));
  expect((await send(order(origin))).text).toHaveLength(10_000);
});

test.each([200, 204, 302, 404, 502, 599, 710])('status %i is an answer', async (status) => {
  const { origin } = await serve(createServer((_, response) => response.writeHead(status).end()));
  expect((await send(order(origin))).status).toBe(status);
});

test('redirects are not followed', async () => {
  const paths: string[] = [];
  const { origin } = await serve(
    createServer((request, response) => {
      paths.push(request.url ?? '');
      response.writeHead(307, { location: '/elsewhere' }).end();
    }),
  );
  const response = await send(order(`${origin}/orderCall`));
  expect(response).toMatchObject({ status: 307, headers: { location: '/elsewhere' } });
  expect(paths).toEqual(['/orderCall']);
});

test('each request has a connection of its own', async () => {
  const ports = new Set<number | undefined>();
  const { origin } = await serve(
    createServer((request, response) => {
      ports.add(request.socket.remotePort);
      response.end();
    }),
  );
  for (let n = 0; n < 3; n++) await send(order(origin));
  expect(ports.size).toBe(3);
});
