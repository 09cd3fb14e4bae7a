import * as z from 'zod';
import { type Fault, ProviderError } from '../../errors.ts';
import { tryParseJson } from '../../http/json.ts';
import type { HttpResponse } from '../../http/send.ts';
import { quote } from '../quote.ts';

const provider = 'pozvonim';

/** "Все отличные HTTP-статусы от 200, 201, 202, 204 считаются ошибочными" (v2u document). */
const successes = [200, 201, 202, 204];

/** "Обработка ошибок" of the v2u document. */
const refusalSchema = z.object({
  error: z.object({
    code: z.string().catch(''),
    http_code: z.coerce.number().int().catch(0),
    message: z.string().catch(''),
  }),
});

/**
 * An answer's JSON; null where it has no body, as after a deletion. Throws ProviderError with the refusal's fault,
 * `unknown` where the answer cannot be read. `sent` is what must not be quoted back.
 */
export function readAnswer({ status, text }: HttpResponse, sent: unknown): unknown {
  const answer = tryParseJson(text);
  const refusal = refusalSchema.safeParse(answer);
  if (refusal.success) {
    const { code, http_code, message } = refusal.data.error;
    const told = [isCode(code) ? code : quote(code, sent), quote(message, sent)]
      .filter((part) => part !== '')
      .join(': ');
    // Where the two disagree the graver one counts: it is the one that proves less.
    const graver = Math.max(status, http_code);
    throw refuse(faultOf(graver, `${code} ${message}`), graver, told);
  }
  // Nobody gets past these without a right token, whoever of the provider's side wrote the page.
  if (isTokenStatus(status)) throw refuse('account', status, '');
  if (!successes.includes(status)) throw unreadable(status);
  if (text === '') return null;
  if (answer === undefined) throw unreadable(status);
  return answer;
}

/** `SITE-NOT-FOUND`: the provider's own word, which no value of a request looks like. */
function isCode(code: string): boolean {
  return /^[A-Z]+(?:-[A-Z]+)+$/.test(code);
}

/** No answer that could be read: what was asked for may have been done. */
export function unreadable(status: number): ProviderError {
  return refuse('unknown', status, 'the answer cannot be read');
}

/** The document does not say which code means that a token has run out (field notes). */
export function isTokenRefused(error: unknown): boolean {
  return error instanceof ProviderError && error.status !== undefined && isTokenStatus(error.status);
}

/** While only a token was asked for, nothing can have been placed, and nothing can be wrong with the lead. */
export function asTokenFault(error: unknown): unknown {
  if (!(error instanceof ProviderError)) return error;
  const { fault, status, retryAfterSeconds } = error;
  return new ProviderError(`no token: ${error.message}`, {
    provider,
    fault: fault === 'unknown' ? 'passing' : fault === 'lead' ? 'account' : fault,
    ...(status === undefined ? {} : { status }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    cause: error,
  });
}

function isTokenStatus(status: number): boolean {
  return status === 401 || status === 403;
}

/**
 * Assumed, since the document lists no codes: a refusal that speaks of the phone is the lead's fault, unless it means a
 * manager's; every other one is the account's, which loses nothing: another account is tried, or a person looks at it.
 * A conflict (409) may mean that this very call exists already, and a 408 leaves open what arrived.
 */
function faultOf(status: number, reason: string): Fault {
  if (status === 429) return 'passing';
  if (status < 400 || status > 499 || status === 408 || status === 409) return 'unknown';
  const speaksOfPhone = /phone|телефон|номер/i.test(reason) && !/manager|менеджер/i.test(reason);
  return speaksOfPhone && [400, 403, 422].includes(status) ? 'lead' : 'account';
}

function refuse(fault: Fault, status: number, reason: string): ProviderError {
  return new ProviderError(`HTTP ${status}${reason === '' ? '' : `, ${reason}`}`, { provider, fault, status });
}
