import { expect, test } from 'vitest';
import { ProviderError } from '#shared/errors.ts';
import { type HttpRequest, type HttpResponse, SendError } from '#shared/http/send.ts';
import { exchange, limits } from '#shared/providers/exchange.ts';

const request: HttpRequest = { method: 'POST', url: 'https://provider.example/', timeoutMs: 1, maxBytes: 1 };

const answering = (response: Partial<HttpResponse>) =>
  exchange('acme', async () => ({ status: 200, headers: {}, text: '', ...response }), request);

async function failing(error: Error): Promise<unknown> {
  return exchange('acme', () => Promise.reject(error), request).catch((reason: unknown) => reason);
}

test('a request that never left may be repeated soon', async () => {
  const cause = new SendError('could not connect (ECONNREFUSED)', { sent: false });
  const error = await failing(cause);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ provider: 'acme', fault: 'passing', message: cause.message, cause });
});

test('a request whose answer never came may have been acted upon', async () => {
  expect(await failing(new SendError('no answer in time', { sent: true }))).toMatchObject({ fault: 'unknown' });
});

test('an error of our own is not taken for the provider’s', async () => {
  const bug = new TypeError('bug');
  expect(await failing(bug)).toBe(bug);
});

const date = 'Sun, 22 Nov 2026 09:00:00 GMT';
test.each([
  ['seconds', { 'retry-after': '7' }, 7],
  ['a date, counted from the answer’s own', { 'retry-after': 'Sun, 22 Nov 2026 09:00:30 GMT', date }, 30],
  ['a date gone by', { 'retry-after': 'Sun, 22 Nov 2026 08:00:00 GMT', date }, 0],
  ['a date without one to count from', { 'retry-after': date }, undefined],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
  ['nothing', {}, undefined],
])('429 is passing; Retry-After as %s', async (_, headers, retryAfterSeconds) => {
  const error = await answering({ status: 429, headers }).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ProviderError);
  expect(error).toMatchObject({ fault: 'passing', status: 429 });
  expect((error as ProviderError).retryAfterSeconds).toBe(retryAfterSeconds);
});

test.each([200, 307, 404, 503, 710])('status %i is left to the provider', async (status) => {
  expect(await answering({ status, text: 'as it came' })).toMatchObject({ status, text: 'as it came' });
});

test('an order waits longer than undici takes to give up connecting, which is proof', () => {
  expect(limits.orderTimeoutMs).toBeGreaterThan(10_000);
});
