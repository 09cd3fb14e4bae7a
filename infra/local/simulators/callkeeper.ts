import { createWidgets } from './callkeeper/keys.ts';
import { orderMethods } from './callkeeper/orders.ts';
import { progressOf } from './callkeeper/progress.ts';
import { Refusal } from './callkeeper/refusal.ts';
import type { Handler, State } from './callkeeper/state.ts';
import { statisticsMethods } from './callkeeper/statistics.ts';
import { widgetMethods } from './callkeeper/widgets.ts';
import { readPhpParams } from './php-params.ts';
import type { Simulator, SimulatorOptions, SimulatorRequest, SimulatorResponse } from './simulator.ts';

const page: SimulatorResponse = {
  status: 200,
  body: '<!doctype html><title>CallKeeper API</title><h1>CallKeeper API</h1>',
  headers: { 'content-type': 'text/html; charset=utf-8' },
};

/**
 * CallKeeper as its REST API and orderCall documents describe it, by GET and by POST. They name the errors without saying
 * when each comes: here each comes where its words fit best, such as 412 for a well-formed key that nobody has.
 */
export function createCallkeeperSimulator({ accounts, clock, journal, random }: SimulatorOptions): Simulator {
  const state: State = {
    clock,
    journal,
    random,
    widgets: createWidgets(accounts),
    tags: new Map(),
    listLag: 0,
    calls: () => journal.records.filter(({ account }) => Object.hasOwn(accounts, account)),
  };
  const methods = new Map<string, Handler>(
    Object.entries({ ...orderMethods(state), ...statisticsMethods(state), ...widgetMethods(state) }),
  );

  return {
    provider: 'callkeeper',
    handle: (request) => (request.path === '/getDoc' ? page : answer(methods, request)),
    calls: () =>
      state.calls().map((call) => {
        const { pair, state: phone } = progressOf(call, clock());
        return { ...call, provider: 'callkeeper', state: phone, status: pair };
      }),
    setListLag(ms) {
      state.listLag = ms;
    },
    // Keys are all it has: there is no session to forget.
    revokeTokens() {},
  };
}

function answer(methods: Map<string, Handler>, request: SimulatorRequest): SimulatorResponse {
  try {
    const handler = methods.get(request.path.slice(1));
    if (handler === undefined) throw new Refusal(404, 'Mismatched request!');
    if (request.method !== 'GET' && request.method !== 'POST') throw new Refusal(405, 'Unknown request method!');
    const params = readPhpParams(request.query, new URLSearchParams(request.method === 'POST' ? request.body : ''));
    return { status: 200, body: JSON.stringify(handler(params, request.address)) };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { status: error.status, body: JSON.stringify({ status: 'fail', reason: error.message }) };
  }
}
