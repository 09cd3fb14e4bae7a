import type * as z from 'zod';
import { ProviderError } from '../../errors.ts';
import { phpQuery } from '../../http/php-query.ts';
import { checkParams } from '../check-params.ts';
import { exchange, limits } from '../exchange.ts';
import type { Method, ProviderPorts } from '../provider.ts';
import { provider, readCallback, readJournal, readRegistered } from './faults.ts';
import type { Gate } from './gate.ts';
import { type Day, type DayOrder, periods, writeDay } from './moscow.ts';
import { callbackSchema, callsSchema, registerSchema, requestsSchema } from './params.ts';
import { type callbackAnswerSchema, callsAnswerSchema, type registeredSchema, requestsAnswerSchema } from './wire.ts';

/** `siteId` is the account's unless given. */
export const methods: readonly Method[] = [
  { name: 'register', verb: 'POST', path: '/calls-service/RestAPI/requests/:siteId/register/', required: [] },
  {
    name: 'callback',
    verb: 'POST',
    path: '/widget-service/v1/api/widget-request/user-form/create',
    required: ['phone'],
  },
  {
    name: 'calls',
    verb: 'GET',
    path: '/calls-service/RestAPI/:siteId/calls-diary/calls',
    required: ['dateFrom', 'dateTo'],
  },
  { name: 'requests', verb: 'GET', path: '/calls-service/RestAPI/requests', required: ['dateFrom', 'dateTo'] },
];

/** Every method takes the documents' own parameter names. Throws InvalidRequestError naming a bad one, and ProviderError. */
export type Client = {
  /** Registers a request: a copy of a lead, for tracking (register document). */
  register(params: z.input<typeof registerSchema>): Promise<z.output<typeof registeredSchema>>;
  /** Rings a phone (field notes). */
  callback(params: z.input<typeof callbackSchema>): Promise<z.output<typeof callbackAnswerSchema>>;
  /**
   * The journal of calls, page by page from `firstPage` on, or the one `page` alone; days are dd/mm/yyyy. More than three months take
   * several requests.
   */
  calls(params: z.input<typeof callsSchema>, firstPage?: number): AsyncGenerator<unknown[]>;
  /** The journal of requests, one list for each three months; days are mm/dd/yyyy. */
  requests(params: z.input<typeof requestsSchema>): AsyncGenerator<unknown[]>;
};

/** What names an account to Calltouch; registering takes the site's id alone. */
export type Keys = { siteId: string; apiToken?: string | undefined; routeKey?: string | undefined };

export function createClient(
  keys: Keys,
  { send, origin, gate }: Pick<ProviderPorts, 'send' | 'origin'> & { gate: Gate },
): Client {
  const token = () => {
    if (keys.apiToken !== undefined) return keys.apiToken;
    throw new ProviderError('the account has no apiToken', { provider, fault: 'account' });
  };
  const order = (path: string, headers: Record<string, string>, body: string) =>
    exchange(provider, send, {
      method: 'POST',
      url: `${origin}${path}`,
      headers,
      body,
      timeoutMs: limits.orderTimeoutMs,
      maxBytes: limits.orderMaxBytes,
    });
  const list = <Schema extends z.ZodType>(path: string, params: Record<string, unknown>, schema: Schema) =>
    gate.pass(async () => {
      const response = await exchange(provider, send, {
        method: 'GET',
        url: `${origin}${path}?${phpQuery(params)}`,
        timeoutMs: limits.listTimeoutMs,
        maxBytes: limits.listMaxBytes,
      });
      return readJournal(response, schema, params);
    }, 'passing');

  return {
    async register(given) {
      const { siteId = keys.siteId, ...params } = checkParams('register', registerSchema, given);
      const path = `/calls-service/RestAPI/requests/${encodeURIComponent(siteId)}/register/`;
      const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
      return gate.pass(async () => readRegistered(await order(path, headers, phpQuery(params)), params), 'passing');
    },

    async callback(given) {
      const params = checkParams('callback', callbackSchema, given);
      const headers = { 'content-type': 'application/json', 'access-token': token() };
      const sent = { routeKey: keys.routeKey, ...params };
      const path = '/widget-service/v1/api/widget-request/user-form/create';
      // Their names are the form's own, such as Имя, and tell of nobody.
      const quotable = { ...sent, token: token(), fields: params.fields?.map(({ value }) => value) };
      const request = async () => readCallback(await order(path, headers, JSON.stringify(sent)), quotable);
      // A phone that is to ring now does not wait for tomorrow's points: the route's next account can do it.
      return gate.pass(request, 'account');
    },

    async *calls(given, firstPage = 1) {
      const {
        siteId = keys.siteId,
        dateFrom,
        dateTo,
        page: only,
        ...params
      } = checkParams('calls', callsSchema, given);
      const path = `/calls-service/RestAPI/${encodeURIComponent(siteId)}/calls-diary/calls`;
      for (const period of periods(dateFrom, dateTo)) {
        let lastPage = only ?? firstPage;
        for (let page = lastPage; page <= lastPage; page++) {
          const query = { clientApiId: token(), ...params, ...days(period, 'day first'), page };
          const answer = await list(path, query, callsAnswerSchema);
          lastPage = only ?? answer.pageTotal;
          yield answer.records;
        }
      }
    },

    async *requests(given) {
      const { siteId = keys.siteId, dateFrom, dateTo, ...params } = checkParams('requests', requestsSchema, given);
      for (const period of periods(dateFrom, dateTo)) {
        const query = { clientApiId: token(), siteId, ...params, ...days(period, 'month first') };
        yield await list('/calls-service/RestAPI/requests', query, requestsAnswerSchema);
      }
    },
  };
}

function days({ from, to }: { from: Day; to: Day }, order: DayOrder) {
  return { dateFrom: writeDay(from, order), dateTo: writeDay(to, order) };
}
