import { lookup as resolve } from 'node:dns';
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { readAtMost, type Send, SendError } from './send.ts';

/** The name leads to an address that must not be talked to; nothing was sent. */
export class RefusedAddressError extends SendError {
  override name = 'RefusedAddressError';

  constructor() {
    super('the host is not on the public internet', { sent: false });
  }
}

/**
 * Sends to an address that somebody wrote into a config. All addresses of its name are checked in the very look-up that the connection uses,
 * so that a name cannot change between the check and the connection. Redirects are not followed. Throws SendError, RefusedAddressError among them.
 */
export function createGuardedSend(isAllowed: (address: string) => boolean, lookup: LookupFunction = resolve): Send {
  const guardedLookup: LookupFunction = (host, options, callback) => {
    lookup(host, { ...options, all: true }, (error, found) => {
      const addresses = Array.isArray(found) ? found : [];
      if (error) return callback(error, '');
      const [first] = addresses;
      if (first === undefined || !addresses.every(({ address }) => isAllowed(address))) {
        return callback(new RefusedAddressError(), '');
      }
      return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
    });
  };

  return async ({ method, url, headers, body, timeoutMs, maxBytes }) => {
    const { protocol, hostname } = new URL(url);
    const literal = hostname.replace(/^\[(.*)\]$/, '$1');
    if (isIP(literal) !== 0 && !isAllowed(literal)) throw new RefusedAddressError();
    const open = protocol === 'https:' ? httpsRequest : httpRequest;
    const signal = AbortSignal.timeout(timeoutMs);
    const request = open(url, {
      method,
      headers: { ...headers, connection: 'close' },
      agent: false,
      lookup: guardedLookup,
      signal,
    });
    const connection = watchConnection(request, protocol);
    try {
      const response = await answerTo(request, body);
      const text = await readAtMost(response, maxBytes);
      return { status: response.statusCode ?? 0, headers: plainHeaders(response), text };
    } catch (error) {
      if (error instanceof SendError) throw error;
      throw new SendError(signal.aborted ? 'no answer in time' : reasonOf(error), {
        sent: connection.isOpen,
        cause: error,
      });
    } finally {
      request.destroy();
    }
  };
}

/** Before the connection stands, TLS included, not a byte of the request leaves. */
function watchConnection(request: ClientRequest, protocol: string): { isOpen: boolean } {
  const connection = { isOpen: false };
  request.once('socket', (socket) =>
    socket.once(protocol === 'https:' ? 'secureConnect' : 'connect', () => {
      connection.isOpen = true;
    }),
  );
  return connection;
}

function answerTo(request: ClientRequest, body: string | undefined): Promise<IncomingMessage> {
  return new Promise((resolveAnswer, reject) => {
    request.once('response', resolveAnswer);
    // Stays for good: an error that comes after the answer reaches the reader of its body too.
    request.on('error', reject);
    request.end(body);
  });
}

function plainHeaders({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'failed';
  return `the connection failed (${code})`;
}
