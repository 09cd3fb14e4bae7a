import * as z from 'zod';
import { phpQuery } from '../../http/php-query.ts';
import type { HttpRequest } from '../../http/send.ts';
import { checkParams } from '../check-params.ts';
import { exchange, limits } from '../exchange.ts';
import type { Method, ProviderPorts } from '../provider.ts';
import { entryRefusal, readAnswer, readPage, unreadable } from './faults.ts';
import {
  callIdSchema,
  createWidgetSchema,
  deleteWidgetSchema,
  entriesOf,
  type Listed,
  makeCallsSchema,
  nothingSchema,
  type OrderEntry,
  orderAnswerSchema,
  orderCallSchema,
  periodSchema,
  recordsAnswerSchema,
  statusesSchema,
  tagSchema,
  userAnswerSchema,
} from './wire.ts';

/** What names the account in a request: `order` takes unique, apiak and whash or walias; the statistics call the same key api_key. */
type Key = 'order' | 'apiak' | 'api_key' | 'none';

const orderMethod = { key: 'order', answer: orderAnswerSchema } as const;
const listMethod = { key: 'api_key', answer: recordsAnswerSchema } as const;
/** Methods whose answer the documents leave open. */
const widgetMethod = { key: 'apiak', answer: z.unknown() } as const;

/** Every method of the REST API document: its parameters beside the keys, and what it answers. */
const table = {
  orderCall: { ...orderMethod, params: orderCallSchema },
  makeCalls: { ...orderMethod, params: makeCallsSchema },
  getDoc: { key: 'none', answer: z.string(), params: nothingSchema },
  getCallInfo: { ...listMethod, params: callIdSchema },
  getCallsInfo: { ...listMethod, params: periodSchema },
  getCallsCompleted: { ...listMethod, params: periodSchema },
  getCallsByStatus: { ...listMethod, params: statusesSchema },
  getUserInfo: { key: 'api_key', answer: userAnswerSchema, params: nothingSchema },
  createWidget: { ...widgetMethod, params: createWidgetSchema },
  deleteWidget: { ...widgetMethod, params: deleteWidgetSchema },
  getT2C: { ...widgetMethod, params: periodSchema },
  tag: { ...widgetMethod, params: tagSchema },
} as const satisfies Record<string, { key: Key; answer: z.ZodType; params: z.ZodObject }>;

type Name = keyof typeof table;

export type Client = {
  [M in Name]: (params: z.input<(typeof table)[M]['params']>) => Promise<z.output<(typeof table)[M]['answer']>>;
};

export type Keys = { unique: string; apiak: string; whash?: string | undefined; walias?: string | undefined };

/** Both verbs are documented; whatever carries a key goes by POST, since keys do not belong in addresses. */
export const methods: readonly Method[] = Object.entries(table).map(([name, { key, params }]) => ({
  name,
  verb: key === 'none' ? 'GET' : 'POST',
  path: `/${name}`,
  required: Object.entries(params.shape).flatMap(([field, schema]) =>
    schema.safeParse(undefined).success ? [] : [field],
  ),
}));

/**
 * All methods of the documents, with their own parameter names; the account's keys are filled in unless given.
 * Each resolves with the answer as it came. Throws InvalidRequestError naming a bad parameter, and ProviderError.
 */
export function createClient(keys: Keys, { send, origin }: Pick<ProviderPorts, 'send' | 'origin'>): Client {
  const call = async ({ name, verb, path }: Method, given: Record<string, unknown>) => {
    const { key, params, answer } = table[name as Name];
    const checked = checkParams(name, params, given);
    const sent = { ...keyParams(key, keys, checked), ...checked };
    const response = await exchange('callkeeper', send, {
      method: verb,
      url: `${origin}${path}`,
      ...(verb === 'GET' ? {} : formBody(sent)),
      timeoutMs: key === 'order' ? limits.orderTimeoutMs : limits.listTimeoutMs,
      maxBytes: key === 'order' ? limits.orderMaxBytes : limits.listMaxBytes,
    });
    const read = answer.safeParse((key === 'none' ? readPage : readAnswer)(response, sent));
    if (!read.success) throw unreadable(response.status, read.error);
    if (key === 'order') refuseIfAllRefused(entriesOf(read.data as Listed<OrderEntry>), sent);
    return read.data;
  };
  const functions = methods.map((method) => [method.name, (given: Record<string, unknown>) => call(method, given)]);
  // The table's own schemas, which check every request and answer, are what the types of Client are made of.
  return Object.fromEntries(functions) as Client;
}

function keyParams(key: Key, { unique, apiak, whash, walias }: Keys, given: Record<string, unknown>) {
  if (key === 'none') return {};
  if (key === 'api_key') return { api_key: apiak };
  if (key === 'apiak') return { apiak };
  // A widget named in the parameters stands alone: with the account's beside it, which one rings would be open.
  const widget = 'whash' in given || 'walias' in given ? {} : { whash, walias };
  return { unique, apiak, ...widget };
}

function formBody(params: Record<string, unknown>): Pick<HttpRequest, 'headers' | 'body'> {
  return { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: phpQuery(params) };
}

/** The orders that makeCalls' answer refuses, each by its place and its reason; `sent` is what must not be quoted back. */
export function refusalsIn(answer: Listed<OrderEntry>, sent: unknown): string[] {
  return entriesOf(answer).flatMap(({ status, reason }, at) =>
    status === 'success' ? [] : [`calls[${at}]: ${entryRefusal(reason, sent).message}`],
  );
}

function refuseIfAllRefused(entries: OrderEntry[], sent: unknown): void {
  const [first] = entries;
  if (first === undefined || entries.some(({ status }) => status === 'success')) return;
  throw entryRefusal(first['reason'], sent);
}
