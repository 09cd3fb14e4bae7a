import type { CaptchaTokens } from './captcha-tokens.ts';
import type { Simulator } from './simulator.ts';

/** Cloudflare's verifier ("Server-side validation"), for these secrets. */
export function createTurnstileSimulator(secrets: readonly string[], tokens: CaptchaTokens): Pick<Simulator, 'handle'> {
  function verify(sent: URLSearchParams) {
    const secret = sent.get('secret') ?? '';
    const response = sent.get('response') ?? '';
    if (secret === '') return failure('missing-input-secret');
    if (!secrets.includes(secret)) return failure('invalid-input-secret');
    if (response === '') return failure('missing-input-response');
    const spent = tokens.spend(response, sent.get('idempotency_key') ?? '');
    if (spent === 'unknown') return failure('invalid-input-response');
    if (spent === 'over') return failure('timeout-or-duplicate');
    const { host, action, mintedAt } = spent;
    const solvedAt = new Date(mintedAt).toISOString();
    return { success: true, 'error-codes': [], challenge_ts: solvedAt, hostname: host, action, cdata: '' };
  }

  return {
    handle({ method, path, body }) {
      if (method !== 'POST' || path !== '/turnstile/v0/siteverify') return { status: 404, body: '' };
      return { status: 200, body: JSON.stringify(verify(new URLSearchParams(body))) };
    },
  };
}

function failure(code: string) {
  return { success: false, 'error-codes': [code], messages: [] };
}
