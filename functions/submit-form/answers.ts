import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';
import type { Form } from '#shared/config/schema.ts';
import type { InvalidRequestError } from '#shared/errors.ts';
import { jsonAnswer, refusal } from '#shared/http/api.ts';
import type { IncomingRequest } from '#shared/http/incoming.ts';
import { chooseLanguage, wantsJson } from '#shared/http/negotiate.ts';
import { pageOf } from '#shared/http/origin.ts';
import { errorPage, type Retry, thanksPage } from '#shared/http/pages.ts';
import { chooseRedirect } from '#shared/http/redirect.ts';
import { translate } from '#shared/http/refuse.ts';
import { captchaTokens, type Fields, findField } from '#shared/lead/fields.ts';
import type { Language } from '#shared/lead/lead.ts';
import type { SubmitResult } from './submit-form.ts';

export function textAnswer(statusCode: number, text: string): Answer {
  return { statusCode, headers: { 'content-type': 'text/plain; charset=utf-8' }, body: text };
}

export function languageOf({ headers }: IncomingRequest, fields?: Fields): Language {
  const asked = fields?.['_language'];
  return chooseLanguage(headers, typeof asked === 'string' ? asked : undefined);
}

export function successAnswer(
  { id, replayed }: SubmitResult,
  request: IncomingRequest,
  form: Form,
  fields: Fields,
): Answer {
  const answer = acceptedAnswer(id, request, form, fields);
  return replayed ? { ...answer, headers: { ...answer.headers, 'idempotency-replayed': 'true' } } : answer;
}

function acceptedAnswer(id: string, request: IncomingRequest, form: Form, fields: Fields): Answer {
  // Tilda repeats whatever is not answered so.
  if (fields['tranid'] !== undefined) return textAnswer(200, 'ok');
  if (wantsJson(request.headers)) return jsonAnswer(202, { ok: true, id });
  const page = pageOf(form.origins, request);
  const next = fields['_next'];
  const location = chooseRedirect(typeof next === 'string' ? next : undefined, form, page);
  return location === undefined
    ? thanksPage(languageOf(request, fields), page)
    : { statusCode: 303, headers: { location }, body: '' };
}

/** A refusal or a failure; where the visitor can do something about it, the page has the form as it was filled in. */
export function problemAnswer(
  error: InvalidRequestError,
  request: IncomingRequest,
  form?: Form,
  fields?: Fields,
): Answer {
  const language = languageOf(request, fields);
  const problem = translate(error, language);
  const site = form && pageOf(form.origins, request);
  const retry = form && fields && canRetry(problem) ? retryOf(form, fields) : undefined;
  const answer = wantsJson(request.headers) ? refusal(problem) : errorPage(problem, language, { site, retry });
  const { status, retryAfterSeconds } = problem;
  const headers = {
    ...answer.headers,
    ...(status === 405 ? { allow: 'POST, OPTIONS' } : {}),
    ...(retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }),
  };
  return { ...answer, headers };
}

/** The page has no captcha on it: for a new token the visitor has to go back to the form. */
function canRetry({ status, code, fields }: InvalidRequestError): boolean {
  if (fields.some(({ field }) => captchaTokens.some((token) => token === field))) return false;
  return code === 'invalid_fields' || status === 429 || status === 500;
}

/** The form as it was filled in: the four known fields to be seen and mended, the rest to go along, an unspent captcha token too. */
function retryOf(form: Form, fields: Fields): Retry {
  const visible = (['name', 'phone', 'email', 'comment'] as const).flatMap((known) => {
    const { name, values } = findField(fields, known, form.fields);
    return known === 'phone' || values.length > 0 ? [{ known, name, value: values.join(', ') }] : [];
  });
  const notHidden = new Set(visible.map(({ name }) => name));
  const hidden = Object.fromEntries(Object.entries(fields).filter(([name]) => !notHidden.has(name)));
  const targets = [...form.origins, ...(form.redirect === undefined ? [] : [new URL(form.redirect).origin])];
  return { visible, hidden, targets };
}
