import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';
import type { Form } from '#shared/config/schema.ts';
import { InvalidRequestError, traceOf } from '#shared/errors.ts';
import { jsonAnswer } from '#shared/http/api.ts';
import { parseBody } from '#shared/http/body.ts';
import type { IncomingRequest } from '#shared/http/incoming.ts';
import { corsHeaders, isAllowedOrigin, preflightHeaders } from '#shared/http/origin.ts';
import { refuse } from '#shared/http/refuse.ts';
import { type Fields, isNameOf } from '#shared/lead/fields.ts';
import type { Log } from '#shared/log.ts';
import { languageOf, problemAnswer, successAnswer, textAnswer } from './answers.ts';
import { type SubmitDeps, submitForm } from './submit-form.ts';

const maxUserAgentLength = 512;

const commonHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  // Not no-referrer: with that the error page's own form would be sent with `Origin: null`.
  'referrer-policy': 'same-origin',
  'strict-transport-security': 'max-age=31536000',
};

/** Answers a request to `/f/{formId}` or `/f/{formId}/stamp`, whatever it is: as JSON, as a page or by a redirect, in the visitor's language. */
export async function answerRequest(request: IncomingRequest, deps: SubmitDeps): Promise<Answer> {
  const formId = request.pathParameters['formId'] ?? '';
  const form = Object.hasOwn(deps.config.forms, formId) ? deps.config.forms[formId] : undefined;
  const answer =
    form === undefined
      ? problemAnswer(refuse(404, 'unknown_form'), request)
      : await answerForm(request, formId, form, deps);
  const cors = corsHeaders(form?.origins ?? [], request.headers);
  return { ...answer, headers: { ...commonHeaders, ...cors, ...answer.headers } };
}

async function answerForm(request: IncomingRequest, formId: string, form: Form, deps: SubmitDeps): Promise<Answer> {
  let fields: Fields | undefined;
  try {
    if (!isAllowedOrigin(form.origins, request.headers)) throw refuse(403, 'origin_not_allowed');
    if (request.method === 'OPTIONS') return { statusCode: 204, headers: preflightHeaders };
    if (isForStamp(request)) return jsonAnswer(200, { stamp: await deps.stamps.mint(formId) });
    if (request.method !== 'POST') throw refuse(405, 'method_not_allowed');
    fields = await readFields(request, form);
    // Tilda asks so, once, whether the address works.
    if (fields['test'] === 'test' && Object.keys(fields).length === 1) return textAnswer(200, 'ok');
    const language = languageOf(request, fields);
    const keyHeader = request.headers['idempotency-key'];
    const result = await submitForm({ formId, form, fields, keyHeader, language, visitor: visitorOf(request) }, deps);
    return successAnswer(result, request, form, fields);
  } catch (error) {
    const problem = error instanceof InvalidRequestError ? error : refuse(500, 'internal', { cause: error });
    logProblem(problem, formId, deps.log);
    return problemAnswer(problem, request, form, fields);
  }
}

/** `/ringback.js` asks for a stamp when it shows a form. */
function isForStamp({ method, path }: IncomingRequest): boolean {
  return method === 'GET' && /^\/f\/[^/]+\/stamp$/.test(path);
}

async function readFields({ body, headers, query }: IncomingRequest, form: Form): Promise<Fields> {
  if (body === undefined) throw refuse(413, 'too_large');
  const fields = await parseBody(body, headers['content-type'] ?? '', form.files);
  // A phone in an address ends up in other people's logs.
  const inQuery = [...query.keys()].filter((name) => isNameOf('phone', form.fields, name));
  if (inQuery.length > 0) {
    throw refuse(400, 'bad_request', { fields: inQuery.map((field) => ({ field, code: 'in_query' })) });
  }
  return fields;
}

function visitorOf({ address, headers }: IncomingRequest) {
  const userAgent = headers['user-agent']?.slice(0, maxUserAgentLength);
  return { address, ...(userAgent === undefined ? {} : { userAgent }) };
}

function logProblem({ status, code, cause }: InvalidRequestError, form: string, log: Log): void {
  if (status < 500) log('request refused', { form, status, code });
  else log('request crashed', { form, error: traceOf(cause) });
}
