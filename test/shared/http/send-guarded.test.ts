import { createServer } from 'node:http';
import { createServer as createTcpServer, type LookupFunction } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '#shared/http/public-address.ts';
import { createGuardedSend, RefusedAddressError } from '#shared/http/send-guarded.ts';
import { listen } from '../../support/listen.ts';

const request = { method: 'POST', body: '{}', timeoutMs: 2_000, maxBytes: 1_000 } as const;

/** Names that lead to these addresses, one list for each look-up. */
const resolving = (...answers: string[][]) => {
  let lookups = 0;
  const lookup: LookupFunction = (_host, _options, callback) => {
    const addresses = answers[Math.min(lookups++, answers.length - 1)] ?? [];
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  };
  return { lookup, count: () => lookups };
};

let requests: { url: string | undefined; host: string | undefined }[];
let receiver: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  requests = [];
  receiver = await listen(
    createServer((incoming, response) => {
      requests.push({ url: incoming.url, host: incoming.headers.host });
      if (incoming.url === '/redirect') response.writeHead(302, { location: '/landed' });
      if (incoming.url === '/odd') response.writeHead(710);
      if (incoming.url === '/never') return;
      if (incoming.url === '/half') return void response.writeHead(200, { 'content-length': '10' }).write('half');
      response.end(incoming.url === '/long' ? 'x'.repeat(1_001) : 'taken');
    }),
  );
});
afterEach(() => receiver.close());

describe('an address that is not public', () => {
  test.each([
    'http://127.0.0.1',
    'http://127.1',
    'http://2130706433',
    'http://0x7f000001',
    'http://0177.0.0.1',
    'http://0.0.0.0',
    'http://10.0.0.1',
    'http://172.16.0.1',
    'http://172.31.255.255',
    'http://192.168.1.1',
    'http://100.64.0.1',
    'http://169.254.169.254',
    'https://169.254.169.254',
    'http://224.0.0.1',
    'http://255.255.255.255',
    'http://[::1]',
    'http://[::]',
    'http://[::ffff:127.0.0.1]',
    'http://[::ffff:a9fe:a9fe]',
    'http://[64:ff9b::7f00:1]',
    'http://[fd00:ec2::254]',
    'http://[fe80::1]',
    'http://[2002:7f00:1::]',
    'http://[ff02::1]',
  ])('%s is refused without connecting', async (origin) => {
    const send = createGuardedSend(isPublicAddress);
    const sent = send({ ...request, url: `${origin}:${receiver.port}/` });
    await expect(sent).rejects.toThrow(RefusedAddressError);
    expect(requests).toEqual([]);
  });

  test.each([
    ['private', ['10.0.0.1']],
    ['private among public ones', ['93.184.216.34', '169.254.169.254']],
    ['private in IPv6', ['2606:2800:220:1::1', '::1']],
    ['of nothing', []],
  ])('behind a name is refused when it is %s', async (_what, addresses) => {
    const send = createGuardedSend(isPublicAddress, resolving(addresses).lookup);
    await expect(send({ ...request, url: 'https://crm.example/' })).rejects.toMatchObject({
      name: 'RefusedAddressError',
      sent: false,
    });
  });

  test('behind the name localhost is refused by the machine’s own look-up', async () => {
    const sent = createGuardedSend(isPublicAddress)({ ...request, url: `http://localhost:${receiver.port}/` });
    await expect(sent).rejects.toThrow(RefusedAddressError);
    expect(requests).toEqual([]);
  });

  test('is not reached by a name that changes after the check', async () => {
    // Were there a second look-up, it would lead to the receiver.
    const names = resolving(['127.0.0.1'], ['127.0.0.2']);
    const send = createGuardedSend((address) => address === '127.0.0.1', names.lookup);
    await send({ ...request, url: `http://crm.example:${receiver.port}/` });
    expect(names.count()).toBe(1);
    await expect(send({ ...request, url: `http://crm.example:${receiver.port}/` })).rejects.toThrow(
      RefusedAddressError,
    );
    expect(names.count()).toBe(2);
    expect(requests).toEqual([{ url: '/', host: `crm.example:${receiver.port}` }]);
  });

  test.each(['93.184.216.34', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:2800:220:1::1', '2a02:6b8::1'])(
    'is not %s',
    (address) => {
      expect(isPublicAddress(address)).toBe(true);
    },
  );

  test.each(['', 'localhost', '127.0.0.1.example', '::ffff:8.8.8.8%eth0'])(
    'is whatever is no address: "%s"',
    (address) => {
      expect(isPublicAddress(address)).toBe(false);
    },
  );
});

describe('an exchange with an address that may be talked to', () => {
  const send = createGuardedSend(() => true);
  const at = (path: string) => ({ ...request, url: `${receiver.origin}${path}` });

  test('brings the answer', async () => {
    expect(await send(at('/path?a=1'))).toMatchObject({ status: 200, text: 'taken' });
    expect(requests).toMatchObject([{ url: '/path?a=1' }]);
  });

  test('does not follow redirects', async () => {
    expect(await send(at('/redirect'))).toMatchObject({ status: 302, headers: { location: '/landed' } });
    expect(requests).toHaveLength(1);
  });

  test('takes any status', async () => {
    expect(await send(at('/odd'))).toMatchObject({ status: 710 });
  });

  test.each([
    ['/long', 'the answer is longer than 1000 bytes'],
    ['/never', 'no answer in time'],
    ['/half', 'no answer in time'],
  ])('that ends badly at %s may have been received', async (path, message) => {
    await expect(send({ ...at(path), timeoutMs: 300 })).rejects.toMatchObject({ sent: true, message });
  });

  test('that meets a closed port sent nothing', async () => {
    await receiver.close();
    await expect(send(at('/'))).rejects.toMatchObject({ name: 'SendError', sent: false });
    receiver = await listen(createServer());
  });

  test('that fails in TLS sent nothing', async () => {
    let received = '';
    const plain = await listen(
      createTcpServer((socket) =>
        socket.on('data', (bytes) => {
          received += bytes.toString('latin1');
          socket.end('no TLS here');
        }),
      ),
    );
    const sent = send({ ...request, body: 'secret', url: `https://127.0.0.1:${plain.port}/` });
    await expect(sent).rejects.toMatchObject({ name: 'SendError', sent: false });
    await plain.close();
    expect(received).not.toBe('');
    expect(received).not.toContain('secret');
  });

  test('whose name is not found sent nothing', async () => {
    const failing = createGuardedSend(
      () => true,
      (_host, _options, callback) => callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }), ''),
    );
    await expect(failing({ ...request, url: 'https://crm.example/' })).rejects.toMatchObject({
      sent: false,
      message: 'the connection failed (ENOTFOUND)',
    });
  });
});
