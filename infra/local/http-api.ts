import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Clock } from '#shared/ports.ts';
import { FunctionError } from './function-process.ts';
import { splitTarget, toAnswer, toEvent } from './http-event.ts';
import { matchRoute } from './routes.ts';
import type { RouteDefinition } from './template.ts';

const maxBodyBytes = 10 * 1024 * 1024;

/** Answers a request that no route of the template takes; false when it is not its own either. */
export type OtherHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export type HttpApiParts = {
  routes: RouteDefinition[];
  /** Rejects with FunctionError. */
  invoke(functionName: string, event: unknown): Promise<unknown>;
  other?: OtherHandler | undefined;
  clock: Clock;
  log(line: string): void;
};

/** What an HTTP API of API Gateway does between a request and its function, limits and own answers included. */
export function createHttpApi({ routes, invoke, other, clock, log }: HttpApiParts): RequestListener {
  return (request, response) => {
    handle(request, response).catch((error: unknown) => {
      // Most often the client has gone in the midst of its request.
      log(`a request was not answered: ${error instanceof Error ? error.message : error}`);
      response.destroy();
    });
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const match = matchRoute(routes, request.method ?? 'GET', splitTarget(request).path);
    if (match === undefined) {
      if (other?.(request, response)) return;
      return answerMessage(response, 404, 'Not Found');
    }
    const body = await readBody(request);
    if (body === undefined) return answerMessage(response, 413, 'Request Entity Too Large');
    const event = toEvent(request, body, match, { requestId: randomUUID(), now: clock() });
    const { functionName, timeoutMs } = match.route;
    try {
      const result = await within(timeoutMs, invoke(functionName, event));
      if (result === late) return answerMessage(response, 503, 'Service Unavailable');
      const answer = toAnswer(result);
      const cookies = answer.cookies.length > 0 ? { 'set-cookie': answer.cookies } : {};
      response.writeHead(answer.status, { ...answer.headers, ...cookies }).end(answer.body);
    } catch (error) {
      if (!(error instanceof FunctionError || error instanceof TypeError)) throw error;
      log(`${functionName} failed: ${error.message}`);
      answerMessage(response, 500, 'Internal Server Error');
    }
  }
}

function answerMessage(response: ServerResponse, status: number, message: string) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
}

/** Undefined when it is too long; the rest is read all the same, so that the client gets to read the answer. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= maxBodyBytes) chunks.push(chunk);
  }
  return size > maxBodyBytes ? undefined : Buffer.concat(chunks);
}

const late = Symbol('late');

async function within<Value>(ms: number, work: Promise<Value>): Promise<Value | typeof late> {
  const timeout = Promise.withResolvers<typeof late>();
  const timer = setTimeout(() => timeout.resolve(late), ms);
  try {
    return await Promise.race([work, timeout.promise]);
  } finally {
    clearTimeout(timer);
  }
}
