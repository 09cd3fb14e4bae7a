import type { CaptchaKind } from '#shared/config/captchas.ts';
import type { Form } from '#shared/config/schema.ts';
import { traceOf } from '#shared/errors.ts';
import { tryParseJson } from '#shared/http/json.ts';
import type { Send } from '#shared/http/send.ts';
import type { Log } from '#shared/log.ts';
import type { ReadSecret } from '#shared/ports.ts';
import { smartcaptcha } from './smartcaptcha.ts';
import { turnstile } from './turnstile.ts';
import type { Question, Verdict, Verifier } from './verdict.ts';

/** Asks the verifier of a form's captcha about a token. Never throws: whatever goes wrong is `unavailable`, and logged. */
export type VerifyCaptcha = (
  form: Pick<Form, 'origins'> & { captcha: NonNullable<Form['captcha']> },
  question: Omit<Question, 'secret' | 'hosts'>,
) => Promise<Verdict>;

const verifiers: Record<CaptchaKind, Verifier> = { turnstile, smartcaptcha };

/** A visitor waits meanwhile, and Tilda gives up after 5 s. */
const timeoutMs = 3_000;
const maxBytes = 16 * 1024;
/** Turnstile's have at most 2,048 characters, SmartCaptcha's several hundred. */
const maxTokenLength = 4_096;

type Ports = { send: Send; readSecret: ReadSecret; origins: Record<CaptchaKind, string>; log: Log };

export function createVerifyCaptcha({ send, readSecret, origins, log }: Ports): VerifyCaptcha {
  return async ({ captcha: { kind, secret }, origins: sites }, question) => {
    if (question.token.length > maxTokenLength) return 'refused';
    const { path, parameters, read } = verifiers[kind];
    try {
      const hosts = sites.map((site) => new URL(site).hostname);
      const full = { ...question, secret: await readSecret(secret.secret), hosts };
      const { status, text } = await send({
        method: 'POST',
        url: origins[kind] + path,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams(parameters(full)).toString(),
        timeoutMs,
        maxBytes,
      });
      const verdict = status === 200 ? read(tryParseJson(text), full) : 'unavailable';
      if (verdict === 'unavailable') log('captcha not verified', { form: question.form, captcha: kind, status });
      return verdict;
    } catch (error) {
      log('captcha not verified', { form: question.form, captcha: kind, error: traceOf(error) });
      return 'unavailable';
    }
  };
}
