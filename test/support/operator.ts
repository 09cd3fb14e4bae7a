import { createServer } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { createApplyEvent } from '#shared/deliver.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import { refusal } from '#shared/http/api.ts';
import { requireBearer } from '#shared/http/bearer.ts';
import type { Event } from '#shared/lead/delivery-machine.ts';
import type { Nudge } from '#shared/queue.ts';
import type { PullMessage } from '#shared/stats/pull-queue.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { createFundsStore } from '#shared/store/funds.ts';
import { createKnownForms } from '#shared/store/known-forms.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createPaceView } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import type { Table } from '#shared/store/table.ts';
import { type OperatePorts, operateLeads, routes } from '../../functions/operate-leads/operate-leads.ts';
import { type ConsoleFiles, serveConsole } from '../../functions/serve-console/serve-console.ts';
import { createHttpApi } from '../../infra/local/http-api.ts';
import { listen } from './listen.ts';

const account = { provider: 'callkeeper', unique: 'acme', apiak: { secret: 'key' }, whash: 'w1' };
const form = { call: ['main', 'spare'], track: ['ads'], phoneLimit: { calls: 1, perHours: 24 } };
const config = {
  accounts: { main: account, spare: account, ads: { provider: 'calltouch', siteId: '1', dailyPoints: 100 } },
  forms: { callback: form, order: form },
  egress: 'none',
} as unknown as OperatePorts['config'];

export type Operator = ReturnType<typeof createOperator>;

/** The operator's use cases over a table, with a clock that is moved by hand, and the nudges that they send. */
export function createOperator(table: Table, now: number) {
  const time = { now };
  const nudges: (Nudge & { provider: string })[] = [];
  let nonces = 0;
  const base = { table, clock: () => time.now, newNonce: () => `nonce-${++nonces}`, config, log: () => {} };
  const leads = createLeadStore({ ...base, retention: () => 90 * 24 * 60 * 60_000 });
  const sendNudge = async (provider: string, nudge: Nudge) => void nudges.push({ provider, ...nudge });
  const funds = createFundsStore(base);
  const keyed = { ...base, readKey: async () => 'a key' };
  const erased = {
    callOwners: createCallOwners(base),
    erasedPhones: createErasedPhones(keyed),
    erasures: createErasureStore(base),
  };
  const pulls: PullMessage[] = [];
  const knownForms = createKnownForms(base);
  const ports: OperatePorts = {
    ...base,
    leads,
    sendNudge,
    breakers: createBreakerStore(base),
    funds,
    pace: createPaceView(base),
    phones: createPhoneGuard(keyed),
    ...erased,
    sendPull: async (message) => void pulls.push(message),
    knownForms,
    applyEvent: createApplyEvent({ ...base, leads, sendNudge }),
  };
  return {
    time,
    nudges,
    pulls,
    ...erased,
    ports,
    leads,
    funds,
    knownForms,
    /** Lets something happen to a lead's call, as another function would. */
    happen: (lead: string, event: Event, delivery = 'call') => ports.applyEvent(lead, delivery, event),
  };
}

/** The API over HTTP, behind its check of the token (`local`), and the console page where its files are given. */
export function serveOperator({ ports }: Operator, files: ConsoleFiles = {}) {
  const definition = (functionName: string) => (key: string) => ({ key, functionName, timeoutMs: 10_000 });
  const definitions = [
    ...Object.keys(routes).map(definition('operate-leads')),
    ...['GET /console', 'GET /console/{file}'].map(definition('serve-console')),
  ];
  const invoke = async (name: string, input: unknown) => {
    const { routeKey, headers, pathParameters = {}, queryStringParameters = {} } = input as APIGatewayProxyEventV2;
    if (name === 'serve-console') return serveConsole(pathParameters['file'], files);
    try {
      requireBearer(headers['authorization'], 'local');
      const request = {
        route: routeKey,
        path: pathParameters,
        query: queryStringParameters,
        accept: headers['accept'],
      };
      return await operateLeads(request, ports);
    } catch (error) {
      if (!(error instanceof InvalidRequestError)) throw error;
      return refusal(error);
    }
  };
  return listen(createServer(createHttpApi({ routes: definitions, invoke, clock: Date.now, log: () => {} })));
}
