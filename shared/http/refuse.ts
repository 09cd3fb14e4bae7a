import { InvalidRequestError } from '../errors.ts';
import type { Language } from '../lead/lead.ts';
import { type FieldProblem, fieldProblems, type RequestProblem, requestProblems } from './texts.ts';

type Details = {
  fields?: { field: string; code: FieldProblem }[];
  retryAfterSeconds?: number | undefined;
  cause?: unknown;
};

/** An error to be thrown: the status, what is wrong with the request, and with which fields. In English until the visitor's language is known. */
export function refuse(
  status: number,
  problem: RequestProblem,
  { fields = [], retryAfterSeconds, cause }: Details = {},
): InvalidRequestError {
  return new InvalidRequestError(status, problem, requestProblems[problem].en, {
    fields: fields.map(({ field, code }) => ({ field, code, message: fieldProblems[code].en })),
    retryAfterSeconds,
    cause,
  });
}

/** The same error in the words of another language, as far as there are any. */
export function translate(error: InvalidRequestError, language: Language): InvalidRequestError {
  const message = requestProblems[error.code as RequestProblem]?.[language] ?? error.message;
  const fields = error.fields.map((field) => ({
    ...field,
    message: fieldProblems[field.code as FieldProblem]?.[language] ?? field.message,
  }));
  return new InvalidRequestError(error.status, error.code, message, {
    fields,
    retryAfterSeconds: error.retryAfterSeconds,
    cause: error,
  });
}
