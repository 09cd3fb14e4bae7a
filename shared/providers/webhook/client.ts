import { ProviderError } from '../../errors.ts';
import { phpQuery } from '../../http/php-query.ts';
import type { HttpResponse } from '../../http/send.ts';
import { createGuardedSend, RefusedAddressError } from '../../http/send-guarded.ts';
import { exchange, limits } from '../exchange.ts';
import type { Method, ProviderPorts } from '../provider.ts';
import { readKey, sign } from './sign.ts';

/** The path is that of the account's own address. */
export const methods: readonly Method[] = [{ name: 'deliver', verb: 'POST', path: '/', required: [] }];

const formats = {
  json: { contentType: 'application/json', write: (message: object) => JSON.stringify(message) },
  form: { contentType: 'application/x-www-form-urlencoded', write: phpQuery },
};

export type Format = keyof typeof formats;

export type Client = {
  /** Posts this, signed. The same `id` tells the receiver that it is the same message. Throws ProviderError unless answered with 2xx. */
  deliver(id: string, message: Record<string, unknown>): Promise<void>;
};

/** Sends past `ports.send`, for the address is the account's own and has to be guarded. Throws ConfigError for a secret that cannot be read. */
export function createClient(
  { url, signingSecret, format }: { url: string; signingSecret: string; format: Format },
  { clock, isAllowed }: Pick<ProviderPorts, 'clock'> & { isAllowed: (address: string) => boolean },
): Client {
  const key = readKey(signingSecret);
  const send = createGuardedSend(isAllowed);
  return {
    async deliver(id, message) {
      const { contentType, write } = formats[format];
      const body = write(message);
      let response: HttpResponse;
      try {
        response = await exchange('webhook', send, {
          method: 'POST',
          url,
          headers: { 'content-type': contentType, ...sign(key, id, clock(), body) },
          body,
          timeoutMs: limits.orderTimeoutMs,
          maxBytes: limits.orderMaxBytes,
        });
      } catch (error) {
        const isRefused = error instanceof ProviderError && error.cause instanceof RefusedAddressError;
        if (!isRefused) throw error;
        throw new ProviderError(error.message, { provider: 'webhook', fault: 'account', cause: error.cause });
      }
      refuseUnlessTaken(response);
    },
  };
}

/** What the receiver refuses waits for its owner: nothing here can tell a lead that it will never take from a mistake in its code. */
function refuseUnlessTaken({ status }: HttpResponse): void {
  if (status >= 200 && status < 300) return;
  const fault = status >= 300 && status < 500 ? 'account' : 'unknown';
  throw new ProviderError(`the receiver answered HTTP ${status}`, { provider: 'webhook', fault, status });
}
