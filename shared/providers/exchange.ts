import { ProviderError } from '../errors.ts';
import { type HttpRequest, type HttpResponse, type Send, SendError } from '../http/send.ts';

/** How long and how much to read. An order's time is longer than undici's 10 s to connect, so that a host out of reach is told from a lost answer. */
export const limits = {
  orderTimeoutMs: 15_000,
  orderMaxBytes: 1024 * 1024,
  listTimeoutMs: 30_000,
  listMaxBytes: 32 * 1024 * 1024,
};

/**
 * Sends a request to a provider. Throws ProviderError: `passing` when nothing was sent or the provider asks to wait (429),
 * `unknown` when no usable answer came. Every other status is left to the provider.
 */
export async function exchange(provider: string, send: Send, request: HttpRequest): Promise<HttpResponse> {
  let response: HttpResponse;
  try {
    response = await send(request);
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    throw new ProviderError(error.message, { provider, fault: error.sent ? 'unknown' : 'passing', cause: error });
  }
  if (response.status !== 429) return response;
  const retryAfterSeconds = readRetryAfter(response.headers);
  throw new ProviderError('too many requests', {
    provider,
    fault: 'passing',
    status: 429,
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

/** Nobody waits longer than this to be told whether a provider is back; it also keeps a wild number within the range of dates. */
const longestWaitSeconds = 24 * 60 * 60;

/** Seconds, from either notation of RFC 9110; a date counts from the answer's own, whatever our clock says. */
function readRetryAfter(headers: Record<string, string>): number | undefined {
  const value = headers['retry-after']?.trim() ?? '';
  if (/^\d+$/.test(value)) return Math.min(Number(value), longestWaitSeconds);
  const waitMs = Date.parse(value) - Date.parse(headers['date'] ?? '');
  return Number.isNaN(waitMs) ? undefined : Math.min(Math.max(0, Math.ceil(waitMs / 1000)), longestWaitSeconds);
}
