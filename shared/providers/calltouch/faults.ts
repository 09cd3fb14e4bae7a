import * as z from 'zod';
import { type Fault, ProviderError } from '../../errors.ts';
import { tryParseJson } from '../../http/json.ts';
import type { HttpResponse } from '../../http/send.ts';
import { quote } from '../quote.ts';
import { text } from './params.ts';
import { callbackAnswerSchema, registeredSchema } from './wire.ts';

export const provider = 'calltouch';

/** What the register document says of a request without a single parameter, and what it is known by. */
const nothingGiven = 'Не возможно создать заявку - не указано ни одного входного параметра';
const nothingGivenMark = 'не указано ни одного входного параметра';

/** An error under any status, HTTP 200 too (register document, field notes). */
const errorSchema = z
  .object({
    errorCode: text.optional().catch(undefined),
    errorMessage: z.string().optional().catch(undefined),
    message: z.string().optional().catch(undefined),
  })
  .refine((error) => Object.values(error).some((value) => value !== undefined));
type CalltouchError = z.output<typeof errorSchema>;

const callbackErrorSchema = z.union([
  z.object({ data: z.object({ apiErrorData: errorSchema }) }).transform(({ data }) => data.apiErrorData),
  z.object({ apiErrorData: errorSchema }).transform(({ apiErrorData }) => apiErrorData),
]);

/** Codes of `apiErrorData` (field notes): each proves that no call was placed. */
const callbackFaults = new Map<string | undefined, { reason: string; fault: Fault }>([
  ['10003', { reason: 'no active widget has this routeKey', fault: 'account' }],
  ['10007', { reason: 'the order did not pass the validation', fault: 'lead' }],
  ['10013', { reason: 'the phone number is wrong', fault: 'lead' }],
]);

/** A registered request is HTTP 200 and a requestId. Throws ProviderError. `sent` is what must not be quoted back, here and below. */
export function readRegistered(response: HttpResponse, sent: unknown): z.output<typeof registeredSchema> {
  const answer = tryParseJson(response.text);
  const registered = registeredSchema.safeParse(answer);
  if (response.status === 200 && registered.success) return registered.data;
  if (response.text.includes(nothingGivenMark)) throw refusal(nothingGiven, 'lead', response.status);
  throw refusalOf(response, answer, sent) ?? unreadable(response.status);
}

/**
 * A callback is HTTP 200 and `data.widgetRequestId`. Throws ProviderError: `unknown` for all that is not a known proof of
 * the opposite, for a phone may ring.
 */
export function readCallback({ status, text }: HttpResponse, sent: unknown): z.output<typeof callbackAnswerSchema> {
  const answer = tryParseJson(text);
  const error = callbackErrorSchema.safeParse(answer);
  const own = error.success ? ownWords(error.data, sent) : reasonIn(text, answer, sent);
  const known = callbackFaults.get(error.data?.errorCode);
  if (known !== undefined) throw refusal(`${known.reason}: ${own}`, known.fault, status);
  if (status === 401 || status === 403) throw refusal(inFull('the Access-Token is refused', own), 'account', status);
  if (error.success) throw refusal(`an error that is not documented: ${own}`, 'unknown', status);
  const placed = callbackAnswerSchema.safeParse(answer);
  if (status === 200 && placed.success) return placed.data;
  throw own === '' ? unreadable(status) : refusal(`HTTP ${status} without a request's id: ${own}`, 'unknown', status);
}

/** An answer of a journal, read by its schema. Throws ProviderError. */
export function readJournal<Schema extends z.ZodType>(
  response: HttpResponse,
  schema: Schema,
  sent: unknown,
): z.output<Schema> {
  const answer = tryParseJson(response.text);
  const read = schema.safeParse(answer);
  if (response.status === 200 && read.success) return read.data;
  throw refusalOf(response, answer, sent) ?? unreadable(response.status);
}

/** A refusal that says so, by its status, in its JSON or as plain text. */
function refusalOf({ status, text }: HttpResponse, answer: unknown, sent: unknown): ProviderError | undefined {
  const own = reasonIn(text, answer, sent);
  const refused = (reason: string) => refusal(inFull(reason, own), 'account', status);
  if (status === 401 || status === 403) return refused('the token is refused, or has no right to this site');
  if (status >= 400 && status < 500) return refused(`refused with HTTP ${status}`);
  const isJson = answer !== undefined;
  return own !== '' && (isJson ? status < 500 : status === 200) ? refused('refused') : undefined;
}

/** Calltouch's own words in an answer: those of its JSON, or a plain text; empty for a page, and for JSON that broke off. */
function reasonIn(text: string, answer: unknown, sent: unknown): string {
  const error = errorSchema.safeParse(answer);
  if (error.success) return ownWords(error.data, sent);
  const isPlainText = answer === undefined && /^[^<[{\s]/.test(text.trim());
  return isPlainText ? quote(text, sent) : '';
}

function ownWords({ errorCode, errorMessage, message }: CalltouchError, sent: unknown): string {
  return [errorCode, errorMessage ?? message]
    .filter((part) => part !== undefined)
    .map((part) => quote(part, sent))
    .join(' ');
}

function inFull(reason: string, own: string): string {
  return own === '' ? reason : `${reason}: ${own}`;
}

function refusal(reason: string, fault: Fault, status: number): ProviderError {
  return new ProviderError(reason, { provider, fault, status });
}

function unreadable(status: number): ProviderError {
  return refusal(`HTTP ${status} with an answer that cannot be read`, 'unknown', status);
}
