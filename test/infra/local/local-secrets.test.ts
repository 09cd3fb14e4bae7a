import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { ConfigError } from '#shared/errors.ts';
import { localSecrets } from '../../../infra/local/local-secrets.ts';

const accounts = {
  sales: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-sales' } },
  adverts: { provider: 'calltouch', siteId: 12345, apiToken: { secret: 'calltouch-token' } },
};
const config = parseConfig({ accounts, forms: {} });

test('takes secrets from the environment', async () => {
  const env = { RINGBACK_SECRET_CALLKEEPER_SALES: 'from outside', RINGBACK_OPERATOR_TOKEN: 'token' };
  const secrets = await localSecrets(config, env);
  expect(secrets.get('callkeeper-sales')).toBe('from outside');
  expect(secrets.get('operator-token')).toBe('token');
});

test('makes up what only simulators ask for, the same each time', async () => {
  const secrets = await localSecrets(config, {});
  expect([...secrets.keys()].sort()).toEqual(
    ['calltouch-token', 'callkeeper-sales', 'operator-token', 'phone-key'].sort(),
  );
  expect(secrets.get('callkeeper-sales')).toMatch(/^[0-9a-f]{32}$/);
  expect(secrets.get('callkeeper-sales')).not.toBe(secrets.get('calltouch-token'));
  expect(secrets.get('operator-token')).toBe('local');
  expect(await localSecrets(config, {})).toEqual(secrets);
});

test('makes up nothing for a provider that is not simulated', async () => {
  const env = { CALLTOUCH_URL: 'https://api.calltouch.example' };
  const refusal = await localSecrets(config, env).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(ConfigError);
  expect(String(refusal)).toContain('RINGBACK_SECRET_CALLTOUCH_TOKEN');
  await expect(localSecrets(config, { ...env, RINGBACK_SECRET_CALLTOUCH_TOKEN: 'set' })).resolves.toBeInstanceOf(Map);
});

test("makes up a captcha's secret for a simulated verifier, and none for the real one", async () => {
  const captcha = { kind: 'turnstile', secret: { secret: 'captcha-key' } };
  const form = { name: 'Call me', origins: ['https://acme.example'], call: ['sales'], captcha };
  const guarded = parseConfig({ accounts, forms: { main: form } });
  expect((await localSecrets(guarded, {})).get('captcha-key')).toMatch(/^[0-9a-f]{32}$/);
  const env = { TURNSTILE_URL: 'https://challenges.cloudflare.com' };
  await expect(localSecrets(guarded, env)).rejects.toThrow('RINGBACK_SECRET_CAPTCHA_KEY');
  const set = await localSecrets(guarded, { ...env, RINGBACK_SECRET_CAPTCHA_KEY: 'from outside' });
  expect(set.get('captcha-key')).toBe('from outside');
});
