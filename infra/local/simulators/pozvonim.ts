import { readPhpParams } from './php-params.ts';
import { createAccess } from './pozvonim/access.ts';
import { accountRoutes } from './pozvonim/account.ts';
import { type CallState, callRoutes } from './pozvonim/calls.ts';
import { createHoldings } from './pozvonim/holding.ts';
import { progressOf } from './pozvonim/progress.ts';
import { invalid, notFound, Refusal } from './pozvonim/refusal.ts';
import { route } from './pozvonim/router.ts';
import { siteRoutes, widgetRoutes } from './pozvonim/sites.ts';
import type { Simulator, SimulatorOptions, SimulatorRequest, SimulatorResponse } from './simulator.ts';

const basePath = '/v2u';

/** Pozvonim as its v2u document describes it, with the verbs and the signature of its field notes. */
export function createPozvonimSimulator({ accounts, clock, journal, random }: SimulatorOptions): Simulator {
  const access = createAccess(createHoldings(accounts), clock);
  const state: CallState = { clock, journal, random, listLag: 0 };
  const routes = { ...siteRoutes, ...widgetRoutes, ...accountRoutes(clock), ...callRoutes(state) };

  const answer = (request: SimulatorRequest): SimulatorResponse => {
    if (!request.path.startsWith(`${basePath}/`)) throw notFound('METHOD');
    const path = request.path.slice(basePath.length);
    const sent = sentParams(request);
    if (path === '/auth/token' && request.method === 'GET') return json(200, access.issueToken(sent, request.address));
    const holding = access.authorise(sent, request.address);
    const { handler, ids } = route(routes, request.method, path);
    const result = handler({ holding, params: readPhpParams(sent), ids });
    return result.status === 204 ? { status: 204, body: '' } : json(result.status, result.body);
  };

  return {
    provider: 'pozvonim',
    handle(request) {
      try {
        return answer(request);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        const { code, status, message } = error;
        return json(status, { error: { code, http_code: status, message } });
      }
    },
    calls: () =>
      journal.records
        .filter(({ account }) => Object.hasOwn(accounts, account))
        .map((call) => {
          const { state: phone, status } = progressOf(call, clock());
          return { ...call, provider: 'pozvonim', state: phone, status: String(status) };
        }),
    setListLag(ms) {
      state.listLag = ms;
    },
    revokeTokens: access.revokeTokens,
  };
}

function sentParams({ method, query, body, headers }: SimulatorRequest): URLSearchParams {
  if (method !== 'POST' && method !== 'PUT') return query;
  if (!headers['content-type']?.startsWith('application/x-www-form-urlencoded')) {
    throw invalid('content-type', 'must be application/x-www-form-urlencoded');
  }
  return new URLSearchParams(body);
}

function json(status: number, body: unknown): SimulatorResponse {
  return { status, body: JSON.stringify(body) };
}
