import type { CaptchaKind } from '#shared/config/captchas.ts';
import { secretVariable } from '#shared/config/secrets.ts';
import { ConfigError } from '#shared/errors.ts';
import type { ReadSecret } from '#shared/ports.ts';
import type { Provider } from '#shared/providers/provider.ts';
import { madeUpSecret } from './simulators/made-up-secret.ts';
import { simulators } from './simulators/registry.ts';

/** The environment of the local run and of the command line. */
export type LocalEnv = Readonly<Record<string, string | undefined>>;

/** The operator's token of the local run. */
export function localToken(env: LocalEnv): string {
  return env['RINGBACK_OPERATOR_TOKEN'] || 'local';
}

/** Scheme and host that replace the provider's own. Throws ConfigError when the variable holds something else. */
export function givenOrigin({ originVariable }: Provider, env: LocalEnv): string | undefined {
  return originVariable === undefined ? undefined : originIn(originVariable, env);
}

/** The same for a captcha's verifier: TURNSTILE_URL, SMARTCAPTCHA_URL. */
export function givenCaptchaOrigin(kind: CaptchaKind, env: LocalEnv): string | undefined {
  return originIn(`${kind.toUpperCase()}_URL`, env);
}

function originIn(variable: string, env: LocalEnv): string | undefined {
  const given = env[variable];
  if (!given) return undefined;
  if (!/^https?:\/\//.test(given) || !URL.canParse(given)) {
    throw new ConfigError(`${variable} must be an origin such as https://api.example`);
  }
  return new URL(given).origin;
}

/** Requests to this provider go to a simulator where it has one and no variable names another origin. */
export function isSimulated(provider: Provider, env: LocalEnv): boolean {
  return Object.hasOwn(simulators, provider.name) && givenOrigin(provider, env) === undefined;
}

/** Reads secrets from RINGBACK_SECRET_<NAME>; what only a simulator asks for may be made up. Throws ConfigError naming the variable. */
export function readSecretFrom(env: LocalEnv, simulated: boolean): ReadSecret {
  return async (name) => {
    const variable = secretVariable(name);
    const value = env[variable] || (simulated ? madeUpSecret(name) : '');
    if (value === '') throw new ConfigError(`The secret "${name}" is not set: put its value into ${variable}.`);
    return value;
  };
}
