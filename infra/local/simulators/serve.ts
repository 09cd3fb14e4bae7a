import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import * as z from 'zod';
import { tryParseJson } from '#shared/http/json.ts';
import type { Simulator, SimulatorResponse } from './simulator.ts';

/** What goes wrong with the next request; `-before` the provider has acted on it, or `-after`. */
export const faults = [
  'hang-before',
  'hang-after',
  'reset-before',
  'reset-after',
  'error-before',
  'error-after',
  'html',
  'too-many',
  'slow',
] as const;
export type Fault = (typeof faults)[number];

/** What can be ordered from outside, in words for who got it wrong. */
const orders = `faults {"fault": …, "path": …} with one of ${faults.join(', ')}; list-lag {"ms": …}; revoke-tokens`;
const orderSchema = z.object({
  fault: z.enum(faults).optional(),
  path: z.string().optional(),
  ms: z.number().nonnegative().optional(),
});

const slowMs = 2_000;
const serverError: SimulatorResponse = {
  status: 502,
  body: '<h1>Bad Gateway</h1>',
  headers: { 'content-type': 'text/html' },
};
const html: SimulatorResponse = {
  status: 200,
  body: '<!doctype html><title>Sorry</title>',
  headers: { 'content-type': 'text/html' },
};
const tooMany: SimulatorResponse = { status: 429, body: '', headers: { 'retry-after': '1' } };

export type FaultPlan = {
  /** Lets the next request (`path`: the next one whose path contains it) go wrong; orders add up. */
  order(fault: Fault, path?: string): void;
};

/** What a provider's simulator can do, and one of something else (a captcha) as far as it has it. */
type Served = Pick<Simulator, 'handle'> & Partial<Pick<Simulator, 'setListLag' | 'revokeTokens'>>;

/**
 * Serves a simulator over HTTP, with faults that can be ordered: in process by `order`, from outside by
 * `POST /_simulator/faults {"fault": "hang-after", "path": "orderCall"}`, `/_simulator/list-lag {"ms": 5000}` and `/_simulator/revoke-tokens`.
 */
export function serveSimulator(simulator: Served): { server: Server } & FaultPlan {
  const plan: { fault: Fault; path: string }[] = [];
  const order = (fault: Fault, path = '') => void plan.push({ fault, path });
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => response.destroy(error as Error));
  });

  async function answer(request: IncomingMessage, response: ServerResponse) {
    const url = new URL(request.url ?? '/', 'http://simulator');
    const body = await text(request);
    if (url.pathname.startsWith('/_simulator/')) return write(response, orderFromOutside(url.pathname, body));
    const at = plan.findIndex(({ path }) => url.pathname.includes(path));
    const fault = at < 0 ? undefined : plan.splice(at, 1)[0]?.fault;
    const act = () =>
      simulator.handle({
        method: request.method ?? 'GET',
        path: url.pathname,
        query: url.searchParams,
        headers: Object.fromEntries(Object.entries(request.headers).map(([key, value]) => [key, String(value)])),
        body,
        address: request.socket.remoteAddress ?? '',
      });
    if (fault === 'hang-before') return;
    if (fault === 'reset-before') return request.socket.resetAndDestroy();
    if (fault === 'error-before') return write(response, serverError);
    if (fault === 'html') return write(response, html);
    if (fault === 'too-many') return write(response, tooMany);
    const result = act();
    if (fault === 'hang-after') return;
    if (fault === 'reset-after') return request.socket.resetAndDestroy();
    if (fault === 'error-after') return write(response, serverError);
    if (fault === 'slow') return void setTimeout(() => write(response, result), slowMs);
    return write(response, result);
  }

  function orderFromOutside(address: string, body: string): SimulatorResponse {
    const { fault, path = '', ms } = orderSchema.safeParse(tryParseJson(body)).data ?? {};
    if (address === '/_simulator/faults' && fault !== undefined) order(fault, path);
    else if (address === '/_simulator/list-lag' && ms !== undefined) simulator.setListLag?.(ms);
    else if (address === '/_simulator/revoke-tokens') simulator.revokeTokens?.();
    else return { status: 400, body: orders };
    return { status: 204, body: '' };
  }

  return { server, order };
}

function write(response: ServerResponse, { status, body, headers }: SimulatorResponse) {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(status === 204 ? undefined : body);
}
