import { setTimeout as wait } from 'node:timers/promises';
import * as z from 'zod';
import { tryParseJson } from '#shared/http/json.ts';
import { type HttpResponse, type Send, SendError } from '#shared/http/send.ts';
import { localToken } from '../infra/local/provider-settings.ts';
import { CommandError, type Terminal } from './terminal.ts';

const maxThrottled = 10;
const throttledMs = 500;

const limits = { timeoutMs: 30_000, maxBytes: 32 * 1024 * 1024 };

const refusalSchema = z.object({
  message: z.string(),
  errors: z.array(z.object({ field: z.string(), message: z.string() })).default([]),
});

export type Deployment = ReturnType<typeof createDeployment>;

/** A running deployment, asked as its operator: the local one unless `url` names another. */
export function createDeployment(url: string | undefined, { env }: Pick<Terminal, 'env'>, send: Send) {
  const origin = originOf(url ?? `http://localhost:${env['PORT'] || 3000}`);
  const token = localToken(env);
  const request = async (
    method: 'GET' | 'POST' | 'DELETE',
    path: string,
    query: Record<string, string | undefined> = {},
    body?: unknown,
  ): Promise<unknown> => {
    const url = new URL(path, origin);
    for (const [name, value] of Object.entries(query)) if (value !== undefined) url.searchParams.set(name, value);
    const headers = { authorization: `Bearer ${token}`, accept: 'application/json' };
    const sent =
      body === undefined
        ? { headers }
        : { headers: { ...headers, 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const ask = () => send({ method, url: url.href, ...sent, ...limits });
    const response = await untilServed(ask).catch((error: unknown) => {
      throw error instanceof SendError ? unreachable(origin, error) : error;
    });
    return readAnswer(origin, { ...response, text: without(env['RINGBACK_OPERATOR_TOKEN'], response.text) });
  };
  /** Each resolves with what the API answers, and throws CommandError in words for the operator. */
  return {
    get: (path: string, query?: Record<string, string | undefined>) => request('GET', path, query),
    post: (path: string, body?: unknown) => request('POST', path, {}, body),
    delete: (path: string) => request('DELETE', path),
    origin,
  };
}

/** The operator's routes take ten requests a second, and an export has many small files. */
async function untilServed(ask: () => Promise<HttpResponse>): Promise<HttpResponse> {
  for (let tries = 0; tries < maxThrottled; tries++) {
    const response = await ask();
    if (response.status !== 429) return response;
    await wait(throttledMs);
  }
  return ask();
}

/** Whoever answers in a deployment's place may quote all that it was sent. */
function without(token: string | undefined, text: string): string {
  return token ? text.replaceAll(token, '…') : text;
}

function originOf(url: string): string {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) {
    throw new CommandError(
      '--url must be a full address such as https://abc123.execute-api.eu-central-1.amazonaws.com',
    );
  }
  return new URL(url).origin;
}

function unreachable(origin: string, cause: SendError): CommandError {
  return new CommandError(
    `Nothing usable came from ${origin}: ${cause.message}. Is it running (npm start)? --url names another deployment.`,
    { cause },
  );
}

function readAnswer(origin: string, { status, text }: HttpResponse): unknown {
  if (status === 401) {
    throw new CommandError(
      `${origin} does not accept the operator's token: put the right one into RINGBACK_OPERATOR_TOKEN.`,
    );
  }
  const answer = tryParseJson(text);
  if (status === 200 && answer !== undefined) return answer;
  const refusal = refusalSchema.safeParse(answer);
  if (!refusal.success) throw new CommandError(`${origin} answered HTTP ${status}, not as Ringback does: see --url.`);
  const fields = refusal.data.errors.map(({ field, message }) => `\n  ${field}: ${message}`);
  throw new CommandError(`${refusal.data.message}${fields.join('')}`);
}
