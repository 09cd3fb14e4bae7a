import * as z from 'zod';
import { type Fault, ProviderError } from '../../errors.ts';
import { tryParseJson } from '../../http/json.ts';
import type { HttpResponse } from '../../http/send.ts';
import { quote } from '../quote.ts';

const provider = 'callkeeper';

type Refusal = { status: number; reason: string; fault: Fault };

/** "Форматы ошибок при неудачном запросе" of the REST API document, all of it: each proves that no call was placed. */
const refusals: readonly Refusal[] = [
  { status: 400, reason: "Key 'unique' is not defined!", fault: 'account' },
  { status: 400, reason: "Key 'apiak' is not defined!", fault: 'account' },
  { status: 400, reason: "Key 'whash' and 'walias' are not defined!", fault: 'account' },
  { status: 400, reason: "Key 'calls' is not defined!", fault: 'account' },
  { status: 401, reason: 'Unauthorized host!', fault: 'account' },
  { status: 403, reason: 'Not the correct key api', fault: 'account' },
  { status: 404, reason: 'Mismatched request!', fault: 'account' },
  { status: 405, reason: 'Unknown request method!', fault: 'account' },
  { status: 406, reason: 'Wrong data type!', fault: 'account' },
  { status: 406, reason: 'Date is not array', fault: 'account' },
  { status: 409, reason: 'Not enough values', fault: 'account' },
  { status: 409, reason: 'Invalid manager or client phone number', fault: 'lead' },
  { status: 409, reason: 'Phone not provided or invalid', fault: 'lead' },
  { status: 412, reason: 'Unknown user', fault: 'account' },
  { status: 417, reason: 'Apiak or Hash shorter or longer then was required or not hexadecimal', fault: 'account' },
  { status: 424, reason: 'Wrong pair whash or walias and apiak!', fault: 'account' },
  { status: 710, reason: 'The widget is disabled', fault: 'account' },
];

/** The document's own form, and the one that public client code reads (field notes); either may come with HTTP 200. */
const failSchema = z.union([
  z.object({ error_info: z.tuple([z.object({ reason: z.string() })], z.unknown()) }),
  z.object({ status: z.literal('fail'), reason: z.string().optional() }),
]);

/** An answer's JSON. Throws ProviderError: with the refusal's fault where it is documented, else `unknown`. `sent` is what must not be quoted back. */
export function readAnswer({ status, text }: HttpResponse, sent: unknown): unknown {
  // A syntax error's message quotes the text, and an answer may hold a phone: the status has to say enough.
  const answer = tryParseJson(text);
  throwRefusal(answer, status, sent);
  if (answer === undefined || status < 200 || status > 299) throw unreadable(status);
  return answer;
}

/** The text of a page. Throws ProviderError as `readAnswer` does: the documented refusals stand in for a page too. */
export function readPage({ status, text }: HttpResponse, sent: unknown): string {
  throwRefusal(tryParseJson(text), status, sent);
  if (status !== 200) throw unreadable(status);
  return text;
}

function throwRefusal(answer: unknown, status: number, sent: unknown): void {
  const fail = failSchema.safeParse(answer);
  if (fail.success) {
    throw refusalError('error_info' in fail.data ? fail.data.error_info[0].reason : fail.data.reason, status, sent);
  }
  // No proxy invents this status, so that it says the same without its body.
  if (status === 710) throw refusalError('The widget is disabled', status, sent);
}

/** A call that its own entry of the answer refuses: proof enough for the next account, but not against the lead unless documented. */
export function entryRefusal(reason: unknown, sent: unknown): ProviderError {
  const known = documented(reason);
  const own = known?.reason ?? quote(String(reason ?? ''), sent);
  return new ProviderError(own || 'the call was refused without a reason', {
    provider,
    fault: known?.fault ?? 'account',
  });
}

/** No answer that could be read: the call may have been placed. */
export function unreadable(status: number, cause?: unknown): ProviderError {
  return new ProviderError(`HTTP ${status} with an answer that cannot be read`, {
    provider,
    fault: 'unknown',
    status,
    cause,
  });
}

/**
 * In the documented form of a refusal even a reason from outside the document is proof (no minutes left has no documented reason),
 * unless the server itself failed; and with no word against the lead it is the account's.
 */
function refusalError(reason: unknown, status: number, sent: unknown): ProviderError {
  const known = documented(reason);
  const isRefusal = typeof reason === 'string' && !(status >= 500 && status <= 599);
  const own = known?.reason ?? quote(String(reason ?? ''), sent);
  return new ProviderError(own || `HTTP ${status} with a refusal that gives no reason`, {
    provider,
    fault: known?.fault ?? (isRefusal ? 'account' : 'unknown'),
    status,
  });
}

function documented(reason: unknown): Refusal | undefined {
  const plain = (text: string) =>
    text
      .toLowerCase()
      .replace(/[^a-z]+/g, ' ')
      .trim();
  return refusals.find((refusal) => plain(refusal.reason) === plain(String(reason)));
}
