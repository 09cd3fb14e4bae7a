import * as z from 'zod';
import { type Fault, ProviderError } from '../../errors.ts';
import { parseJson } from '../../http/json.ts';
import type { HttpResponse } from '../../http/send.ts';
import { callbackAnswerSchema, registeredSchema } from './wire.ts';

export const provider = 'calltouch';

/** What the register document says of a request without a single parameter. */
const nothingGiven = 'не указано ни одного входного параметра';

/** An error under any status, HTTP 200 too (register document, field notes). */
const errorSchema = z.union([
  z.object({ errorCode: z.union([z.string(), z.number()]) }),
  z.object({ errorMessage: z.string() }),
  z.object({ message: z.string() }),
]);

const callbackError = z.object({ errorCode: z.coerce.number() });
const callbackErrorSchema = z.union([
  z.object({ data: z.object({ apiErrorData: callbackError }) }).transform(({ data }) => data.apiErrorData),
  z.object({ apiErrorData: callbackError }).transform(({ apiErrorData }) => apiErrorData),
]);

/** Codes of `apiErrorData` (field notes): each proves that no call was placed. */
const callbackFaults = new Map<number, { reason: string; fault: Fault }>([
  [10003, { reason: 'no active widget has this routeKey', fault: 'account' }],
  [10007, { reason: 'the order did not pass the validation', fault: 'lead' }],
  [10013, { reason: 'the phone number is wrong', fault: 'lead' }],
]);

/** A registered request is HTTP 200 and a requestId. Throws ProviderError. */
export function readRegistered(response: HttpResponse): z.output<typeof registeredSchema> {
  const answer = readJson(response.text);
  const registered = registeredSchema.safeParse(answer);
  if (response.status === 200 && registered.success) return registered.data;
  if (response.text.includes(nothingGiven)) throw refusal('not a single parameter was given', 'lead', response.status);
  throw refusalOf(response, answer) ?? unreadable(response.status);
}

/**
 * A callback is HTTP 200 and `data.widgetRequestId`. Throws ProviderError: `unknown` for all that is not a known proof of
 * the opposite, for a phone may ring.
 */
export function readCallback({ status, text }: HttpResponse): z.output<typeof callbackAnswerSchema> {
  const answer = readJson(text);
  const error = callbackErrorSchema.safeParse(answer);
  const known = error.success ? callbackFaults.get(error.data.errorCode) : undefined;
  if (known !== undefined) throw refusal(known.reason, known.fault, status);
  if (status === 401 || status === 403) throw refusal('the Access-Token is refused', 'account', status);
  if (error.success) throw refusal(`error ${error.data.errorCode}, which is not documented`, 'unknown', status);
  const placed = callbackAnswerSchema.safeParse(answer);
  if (status === 200 && placed.success) return placed.data;
  throw unreadable(status);
}

/** An answer of a journal, read by its schema. Throws ProviderError. */
export function readJournal<Schema extends z.ZodType>(response: HttpResponse, schema: Schema): z.output<Schema> {
  const answer = readJson(response.text);
  const read = schema.safeParse(answer);
  if (response.status === 200 && read.success) return read.data;
  throw refusalOf(response, answer) ?? unreadable(response.status);
}

/** A refusal that says so; nothing of its text is repeated, since it may quote the visitor. */
function refusalOf({ status, text }: HttpResponse, answer: unknown): ProviderError | undefined {
  if (status === 401 || status === 403)
    return refusal('the token is refused, or has no right to this site', 'account', status);
  const error = errorSchema.safeParse(answer);
  const code = error.success && 'errorCode' in error.data ? ` ${String(error.data.errorCode).slice(0, 20)}` : '';
  if (error.success && status < 500) return refusal(`refused with error${code}`, 'account', status);
  if (status >= 400 && status < 500) return refusal(`refused with HTTP ${status}`, 'account', status);
  const isPlainText = answer === undefined && /^[^<\s]/.test(text.trim());
  return status === 200 && isPlainText
    ? refusal('refused with a text in place of an answer', 'account', status)
    : undefined;
}

function refusal(reason: string, fault: Fault, status: number): ProviderError {
  return new ProviderError(reason, { provider, fault, status });
}

function unreadable(status: number): ProviderError {
  return refusal(`HTTP ${status} with an answer that cannot be read`, 'unknown', status);
}

/** Undefined when it is no JSON; the engine's own error would quote the answer, which may hold a phone. */
function readJson(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
