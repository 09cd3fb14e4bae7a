import { type HttpRequest, type HttpResponse, type Send, SendError } from '#shared/http/send.ts';
import type { Simulator, SimulatorRequest, SimulatorResponse } from '../../infra/local/simulators/simulator.ts';
import type { Process, World } from './world.ts';

/**
 * What goes wrong between us and a provider: `-before` it has acted on the request, or `-after`; `late`: it acts, but only later;
 * `starved`: the answer has come, but the function gets no time to read it for most of its life.
 */
export const httpFaults = [
  'refused',
  'hang-before',
  'hang-after',
  'late',
  'reset-before',
  'reset-after',
  'error-before',
  'error-after',
  'html',
  'too-many',
  'forbidden',
  'starved',
  'starved-too-many',
] as const;
export type HttpFault = (typeof httpFaults)[number];

const address = '203.0.113.7';
const badGateway: HttpResponse = { status: 502, headers: {}, text: '<h1>Bad Gateway</h1>' };
const html: HttpResponse = { status: 200, headers: {}, text: '<!doctype html><title>Sorry</title>' };
const tooMany: HttpResponse = { status: 429, headers: { 'retry-after': '2' }, text: '' };
/** To each of the providers a refusal of the account. */
const forbidden: HttpResponse = {
  status: 403,
  headers: {},
  text: JSON.stringify({ status: 'fail', reason: 'Not the correct key api' }),
};
/** An order may be accepted this long after we gave up waiting. */
export const lateAtMostMs = 100_000;
const starvedAtMostMs = 55_000;

/** What goes wrong with the next request, an order or a read. */
export type NextFault = (kind: 'order' | 'read', provider: string) => HttpFault | undefined;

export type ExchangePorts = {
  world: World;
  process: Process;
  simulators: Map<string, Simulator>;
  nextFault: NextFault;
  /** Hears of each request when the provider acts on it; `sentAt` is when it left. */
  onRequest: (simulator: Simulator, act: () => SimulatorResponse) => () => SimulatorResponse;
};

/** The port through which a function reaches the simulated providers. */
export function createExchange({ world, process, simulators, nextFault, onRequest }: ExchangePorts): Send {
  return async (request) => {
    const simulator = simulatorOf(simulators, request);
    const path = new URL(request.url).pathname;
    const fault = nextFault(isRead(path) ? 'read' : 'order', simulator.provider);
    const handle = onRequest(simulator, () => simulator.handle(toSimulator(request)));
    const act = () => {
      const response = toHttp(handle());
      world.note(() => `${simulator.provider}: ${request.method} ${path} of ${process.name}: ${response.status}`);
      return response;
    };
    if (fault !== undefined) world.note(() => `${process.name}: ${request.method} ${path} ${fault}`);
    const timeOut = async (): Promise<never> => {
      await process.wait(request.timeoutMs);
      throw new SendError('no answer in time', { sent: true });
    };
    const answered = (effect: () => HttpResponse) => process.reach('http', effect);
    const starved = async (effect: () => HttpResponse) => {
      const response = await answered(effect);
      await process.wait(Math.floor(world.random() * starvedAtMostMs));
      return response;
    };
    switch (fault) {
      case undefined:
        return answered(act);
      case 'refused':
        await process.reach('http', () => undefined);
        throw new SendError('could not connect', { sent: false });
      case 'hang-before':
        return timeOut();
      case 'hang-after':
        world.after(10, act);
        return timeOut();
      case 'late':
        world.after(request.timeoutMs + Math.floor(world.random() * lateAtMostMs), act);
        return timeOut();
      case 'reset-before':
      case 'reset-after':
        await answered(fault === 'reset-after' ? act : () => badGateway);
        throw new SendError('the connection broke', { sent: true });
      case 'error-before':
        return answered(() => badGateway);
      case 'error-after':
        await answered(act);
        return badGateway;
      case 'html':
        return answered(() => html);
      case 'too-many':
        return answered(() => tooMany);
      case 'forbidden':
        return answered(() => forbidden);
      case 'starved':
        return starved(act);
      case 'starved-too-many':
        return starved(() => tooMany);
    }
  };
}

/** All that neither rings a phone nor hands over a copy. */
function isRead(path: string): boolean {
  return /\/(getCallsInfo|token|profile|calls)$/.test(path);
}

function simulatorOf(simulators: Map<string, Simulator>, { url }: HttpRequest): Simulator {
  const simulator = simulators.get(new URL(url).hostname);
  if (simulator === undefined) throw new Error('a request to a host that is no provider');
  return simulator;
}

function toSimulator({ method, url, headers = {}, body = '' }: HttpRequest): SimulatorRequest {
  const { pathname, searchParams } = new URL(url);
  return { method, path: pathname, query: searchParams, headers, body, address };
}

function toHttp({ status, body, headers = {} }: SimulatorResponse): HttpResponse {
  return { status, headers, text: body };
}
