import type { Config } from '#shared/config/schema.ts';
import { operatorToken, phoneKey } from '#shared/config/secrets.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { secretsOf } from '../secrets.ts';
import { givenCaptchaOrigin, isSimulated, type LocalEnv, localToken, readSecretFrom } from './provider-settings.ts';

/** Every secret that a function may ask for, by name. Throws ConfigError naming the variable of one that must be set. */
export async function localSecrets(config: Config, env: LocalEnv): Promise<Map<string, string>> {
  const secrets = new Map([
    [operatorToken, localToken(env)],
    [phoneKey, await readSecretFrom(env, true)(phoneKey)],
  ]);
  for (const account of Object.values(config.accounts)) {
    const readSecret = readSecretFrom(env, isSimulated(providerNamed(account.provider), env));
    for (const name of secretsOf([account])) secrets.set(name, await readSecret(name));
  }
  for (const { captcha } of Object.values(config.forms)) {
    if (captcha === undefined) continue;
    const readSecret = readSecretFrom(env, givenCaptchaOrigin(captcha.kind, env) === undefined);
    for (const name of secretsOf([captcha])) secrets.set(name, await readSecret(name));
  }
  return secrets;
}
