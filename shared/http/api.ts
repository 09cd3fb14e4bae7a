import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { InvalidRequestError, traceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { ApiRefusal } from '../operator-api.ts';

/** An answer for a program. */
export function jsonAnswer(statusCode: number, body: unknown): APIGatewayProxyStructuredResultV2 {
  return {
    statusCode,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: JSON.stringify(body),
  };
}

/** What was wrong with a request, for a program. */
export function refusal({ status, code, message, fields }: InvalidRequestError): APIGatewayProxyStructuredResultV2 {
  return jsonAnswer(status, { ok: false, error: code, message, errors: fields } satisfies ApiRefusal);
}

/** Turns an InvalidRequestError into its answer, and anything else into a 500 that tells nothing. */
export function answerErrors(log: Log): MiddlewareObj<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2> {
  return {
    onError: (request) => {
      const { error } = request;
      if (error instanceof InvalidRequestError) {
        request.response = refusal(error);
        return;
      }
      log('request crashed', { error: traceOf(error) });
      request.response = jsonAnswer(500, {
        ok: false,
        error: 'internal',
        message: 'Something went wrong on our side.',
        errors: [],
      });
    },
  };
}
