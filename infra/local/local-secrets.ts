import type { Config } from '#shared/config/schema.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { operatorToken, phoneKey, secretsOf } from '../secrets.ts';
import { isSimulated, type LocalEnv, readSecretFrom } from './provider-settings.ts';

/** The operator's token of the local run. */
export function localToken(env: LocalEnv): string {
  return env['RINGBACK_OPERATOR_TOKEN'] || 'local';
}

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
  return secrets;
}
