import type { CaptchaTokens } from './captcha-tokens.ts';
import type { Simulator } from './simulator.ts';

/** Yandex's verifier ("Verifying a CAPTCHA response"), for these secrets. */
export function createSmartcaptchaSimulator(
  secrets: readonly string[],
  tokens: CaptchaTokens,
): Pick<Simulator, 'handle'> {
  function verify(sent: URLSearchParams) {
    const secret = sent.get('secret') ?? '';
    if (secret === '') return failure('Authentication failed. Secret has not provided.');
    if (!secrets.includes(secret)) return failure('Authentication failed. Invalid secret.');
    const spent = tokens.spend(sent.get('token') ?? '', '');
    if (typeof spent === 'string') return failure('Invalid or expired Token.');
    return { status: 'ok', message: '', host: spent.host };
  }

  return {
    handle({ method, path, query, body }) {
      if (path !== '/validate') return { status: 404, body: '' };
      const sent = method === 'POST' ? new URLSearchParams(body) : query;
      return { status: 200, body: JSON.stringify(verify(sent)) };
    },
  };
}

function failure(message: string) {
  return { status: 'failed', message };
}
