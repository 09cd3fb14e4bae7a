import * as z from 'zod';
import { idSchema, secretSchema } from '../../config/values.ts';
import { ProviderError } from '../../errors.ts';
import type { Clock } from '../../ports.ts';
import { unknownMethod } from '../invoke.ts';
import { patiently } from '../patience.ts';
import type { Finding, Provider, ProviderPorts } from '../provider.ts';
import { type Client, createClient, type Keys, methods } from './client.ts';
import { findCalls, placeCall, trackLead } from './delivery.ts';
import { createGate, paceOf } from './gate.ts';
import { createListLeads } from './lead-journal.ts';
import { dayOf, writeDay } from './moscow.ts';
import { listCalls, readHook } from './stats.ts';

const fields = {
  provider: z.literal('calltouch'),
  siteId: idSchema,
  routeKey: z.string().min(1).optional(),
  /** How many successful requests the project may make in a day; Calltouch tells each project its own number. */
  dailyPoints: z.number().int().positive().optional(),
};

const accountSchema = z.strictObject({ ...fields, apiToken: secretSchema.optional() });
const connectedSchema = z.object({ ...fields, apiToken: z.string().min(1).optional() });

/** Calltouch, by its document on registering requests and the field notes: tracks leads, and rings phones through a widget. */
export const calltouch: Provider = {
  name: 'calltouch',
  origin: 'https://api.calltouch.ru',
  originVariable: 'CALLTOUCH_URL',
  accountSchema,
  canCall,
  canTrack: () => true,
  hasStats: (account) => account['apiToken'] !== undefined,
  hasLeadJournal: true,
  // One batch that is held up leaves two to use the slots; those of all three, 4.4 s, are no more than a claim may wait.
  batchSize: 7,
  maxConcurrency: 3,
  paceOf: (account) => paceOf(z.object(fields).parse(account)),
  methods,
  // A site's journals bear no sign of a token or a widget: what several accounts of it list is the first one's.
  listKey: ({ siteId }) => String(siteId),
  accountOf: (_listed, accounts) => Object.keys(accounts)[0],
  readHook,
  connect(account, ports) {
    const keys = connectedSchema.parse(account);
    const gate = createGate(ports, keys);
    const client = createClient(keys, { ...ports, gate });
    return {
      invoke: (method, params) => invoke(client, method, params),
      prepare: gate.prepare,
      trackLead: (order) => trackLead(client, order),
      ...(canCall(account) ? { placeCall: (order) => placeCall(client, order) } : {}),
      ...(keys.apiToken === undefined
        ? {}
        : {
            findCalls: (query) => findCalls(client, query),
            listCalls: (window, place) => listCalls(createStatsClient(keys, ports), window, ports.wait, place),
            listLeads: createListLeads(createStatsClient(keys, ports), ports.wait),
          }),
      check: () => check(client, keys, ports.clock),
    };
  },
};

/** Reads again what failed in passing, each time in a slot of its own. Of the day's points half are left to the orders. */
function createStatsClient({ dailyPoints, ...keys }: z.output<typeof connectedSchema>, ports: ProviderPorts): Client {
  const share = dailyPoints === undefined ? undefined : Math.ceil(dailyPoints / 2);
  const gate = createGate(ports, { siteId: keys.siteId, dailyPoints: share });
  const attempt = patiently(ports.wait);
  return createClient(keys, {
    ...ports,
    gate: { ...gate, pass: (request, outOfPoints) => attempt(() => gate.pass(request, outOfPoints)) },
  });
}

function canCall(account: Record<string, unknown>): boolean {
  return account['apiToken'] !== undefined && account['routeKey'] !== undefined;
}

/** What a caller passes is unknown by nature; the client checks it against the method's own schema. */
async function invoke(client: Client, method: string, params: Record<string, unknown>): Promise<unknown> {
  switch (method) {
    case 'register':
      return client.register(params);
    case 'callback':
      return client.callback(params as Parameters<Client['callback']>[0]);
    case 'calls':
      return collect(client.calls(params as Parameters<Client['calls']>[0]));
    case 'requests':
      return collect(client.requests(params as Parameters<Client['requests']>[0]));
    default:
      throw unknownMethod('calltouch', method);
  }
}

async function collect<Item>(pages: AsyncGenerator<Item[]>): Promise<Item[]> {
  const items: Item[] = [];
  for await (const page of pages) items.push(...page);
  return items;
}

async function check(client: Client, { apiToken }: Keys, clock: Clock): Promise<Finding[]> {
  if (apiToken === undefined) {
    const message = 'registering takes no token, so that only a first lead shows whether the siteId is right';
    return [{ check: 'token', ok: true, message }];
  }
  const today = writeDay(dayOf(clock()), 'day first');
  try {
    await client.calls({ dateFrom: today, dateTo: today, limit: 1 }).next();
    return [{ check: 'token', ok: true, message: "Calltouch shows the site's journal of calls" }];
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    const advice =
      error.fault === 'account'
        ? "compare siteId and apiToken with Calltouch's cabinet under Integrations, API and Webhooks"
        : 'Calltouch cannot be reached or does not answer as documented; try again, then look at the network and at CALLTOUCH_URL';
    return [{ check: 'token', ok: false, message: `${error.message}: ${advice}` }];
  }
}
