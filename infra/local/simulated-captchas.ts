import { type CaptchaKind, captchas } from '#shared/config/captchas.ts';
import type { Config } from '#shared/config/schema.ts';
import type { Clock } from '#shared/ports.ts';
import { close, listen } from './listen.ts';
import { givenCaptchaOrigin, type LocalEnv } from './provider-settings.ts';
import { type CaptchaTokens, createCaptchaTokens } from './simulators/captcha-tokens.ts';
import { type FaultPlan, serveSimulator } from './simulators/serve.ts';
import { createSmartcaptchaSimulator } from './simulators/smartcaptcha.ts';
import { createTurnstileSimulator } from './simulators/turnstile.ts';

/** A simulated verifier; `tokens` hands out what it takes. */
export type SimulatedCaptcha = {
  kind: CaptchaKind;
  tokens: CaptchaTokens;
  origin: string;
  stop(): Promise<void>;
} & FaultPlan;

const create = { turnstile: createTurnstileSimulator, smartcaptcha: createSmartcaptchaSimulator };

/** Starts a verifier for each kind of captcha that a form asks for, unless a variable names another. */
export async function startSimulatedCaptchas(
  { forms }: Pick<Config, 'forms'>,
  env: LocalEnv,
  secrets: ReadonlyMap<string, string>,
  clock: Clock,
): Promise<SimulatedCaptcha[]> {
  const started: SimulatedCaptcha[] = [];
  for (const kind of Object.keys(captchas) as CaptchaKind[]) {
    const names = Object.values(forms).flatMap(({ captcha }) => (captcha?.kind === kind ? captcha.secret.secret : []));
    if (names.length === 0 || givenCaptchaOrigin(kind, env) !== undefined) continue;
    const tokens = createCaptchaTokens(clock);
    const { server, order } = serveSimulator(
      create[kind](
        names.map((name) => secrets.get(name) ?? ''),
        tokens,
      ),
    );
    started.push({ kind, tokens, order, origin: await listen(server), stop: () => close(server) });
  }
  return started;
}

/** Where each kind is verified from this machine, as the form's function has it in its environment. */
export function captchaOrigins(simulated: readonly SimulatedCaptcha[], env: LocalEnv): string {
  const entries = Object.entries(captchas).map(([kind, { origin }]) => {
    const simulation = simulated.find((candidate) => candidate.kind === kind);
    return [kind, simulation?.origin ?? givenCaptchaOrigin(kind as CaptchaKind, env) ?? origin];
  });
  return JSON.stringify(Object.fromEntries(entries));
}
