import { describe, expect, test } from 'vitest';
import { readKey, sign } from '#shared/providers/webhook/sign.ts';

/** HMAC-SHA256 of the signed content by the browser's crypto, another implementation than the one under test uses. */
async function hmac(key: Uint8Array<ArrayBuffer>, content: string): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const imported = await crypto.subtle.importKey('raw', key, algorithm, false, ['sign']);
  const signature = await crypto.subtle.sign('HMAC', imported, new TextEncoder().encode(content));
  return btoa(String.fromCharCode(...new Uint8Array(signature)));
}

describe('the signature of a webhook', () => {
  test('is that of the published Standard Webhooks example', () => {
    const key = readKey('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw');
    expect(sign(key, 'msg_p5jXN8AQM9LWM0D4loKWxJek', 1_614_265_330_000, '{"test": 2432232314}')).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  test.each([
    ['whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX', Uint8Array.from({ length: 24 }, (_, index) => index)],
    ['whsec_AAE=', Uint8Array.of(0, 1)],
    ['whsec_AAE', Uint8Array.of(0, 1)],
    ['plain text, пароль', new TextEncoder().encode('plain text, пароль')],
  ])('by the secret %s is computed over id, seconds and body', async (secret, key) => {
    const headers = sign(readKey(secret), 'lead-1-track', 1_795_000_000_999, '{"name":"Вася"}');
    const expected = await hmac(key, 'lead-1-track.1795000000.{"name":"Вася"}');
    expect(headers['webhook-signature']).toBe(`v1,${expected}`);
  });

  test.each(['whsec_', 'whsec_not base64!', 'whsec_A'])('cannot be made with "%s", which is not repeated', (secret) => {
    expect(() => readKey(secret)).toThrow('must be plain text, or base64 after whsec_');
    expect(() => readKey(secret)).not.toThrow(secret.length > 7 ? secret : 'never said');
  });
});
