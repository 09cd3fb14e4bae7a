import { callAt } from './calltouch/call-progress.ts';
import { callback } from './calltouch/callback.ts';
import { listCalls, listRequests } from './calltouch/journals.ts';
import { refuse } from './calltouch/refusals.ts';
import { type RegisteredRequest, register } from './calltouch/register.ts';
import type { CallRecord, Simulator, SimulatorOptions, SimulatorRequest, SimulatorResponse } from './simulator.ts';

/** Beyond these in one second from one address: 429 (register document). */
const perSecond = 5;

export type CalltouchState = SimulatorOptions & {
  /** The calls of this provider's accounts. */
  calls(): CallRecord[];
  requests: RegisteredRequest[];
  listLagMs: number;
};

/** Calltouch as its document and the field notes describe it: registering, callbacks and both journals. */
export function createCalltouchSimulator(options: SimulatorOptions): Simulator {
  const { accounts, journal, clock } = options;
  const calls = () => journal.records.filter(({ account }) => Object.hasOwn(accounts, account));
  const state: CalltouchState = { ...options, calls, requests: [], listLagMs: 0 };
  const served = new Map<string, number[]>();

  const isTooFast = (address: string) => {
    const now = clock();
    const lastSecond = (served.get(address) ?? []).filter((at) => at > now - 1000);
    const tooFast = lastSecond.length >= perSecond;
    served.set(address, tooFast ? lastSecond : [...lastSecond, now]);
    return tooFast;
  };

  return {
    provider: 'calltouch',
    handle: (request) => (isTooFast(request.address) ? { status: 429, body: '' } : route(request, state)),
    calls: () => calls().map((record) => callAt(record, clock())),
    setListLag(ms) {
      state.listLagMs = ms;
    },
    // Its tokens last: there is no session to forget.
    revokeTokens() {},
  };
}

function route(request: SimulatorRequest, state: CalltouchState): SimulatorResponse {
  const { method, path } = request;
  const site = /^\/calls-service\/RestAPI\/requests\/([^/]+)\/register\/$/.exec(path)?.[1];
  if (site !== undefined && (method === 'GET' || method === 'POST')) return register(site, request, state);
  if (path === '/widget-service/v1/api/widget-request/user-form/create' && method === 'POST') {
    return callback(request, state);
  }
  const journal = /^\/calls-service\/RestAPI\/([^/]+)\/calls-diary\/calls$/.exec(path)?.[1];
  if (journal !== undefined && method === 'GET') return listCalls(journal, request, state);
  if (path === '/calls-service/RestAPI/requests' && method === 'GET') return listRequests(request, state);
  return refuse(404, 'Not found', 404);
}
