import * as z from 'zod';
import { idSchema, secretSchema } from '../../config/values.ts';
import { invoke } from '../invoke.ts';
import { patiently } from '../patience.ts';
import type { Provider } from '../provider.ts';
import { checkAccount } from './check.ts';
import { createClient, methods, refusalsIn } from './client.ts';
import { findCalls, placeCall } from './delivery.ts';
import { fundsOf } from './funds.ts';
import { accountOf, listCalls, readHook } from './stats.ts';
import { managerSchema, orderAnswerSchema } from './wire.ts';

const fields = {
  provider: z.literal('callkeeper'),
  unique: idSchema,
  whash: idSchema.optional(),
  walias: idSchema.optional(),
  manager: managerSchema.transform(String).optional(),
};

const accountSchema = z
  .strictObject({ ...fields, apiak: secretSchema })
  .refine(
    ({ whash, walias }) => whash !== undefined || walias !== undefined,
    'must name a widget: whash, walias or both',
  );

const connectedSchema = z.object({ ...fields, apiak: z.string().min(1) });

/** CallKeeper, by its REST API and orderCall documents: rings the manager, then the visitor. */
export const callkeeper: Provider = {
  name: 'callkeeper',
  origin: 'https://api.callkeeper.ru',
  originVariable: 'CALLKEEPER_URL',
  accountSchema,
  canCall: () => true,
  canTrack: () => false,
  hasStats: () => true,
  batchSize: 1,
  methods,
  listKey: ({ apiak }) => JSON.stringify(apiak),
  accountOf,
  readHook,
  connect(account, ports) {
    const { manager, ...keys } = connectedSchema.parse(account);
    const client = createClient(keys, ports);
    return {
      invoke: (method, params) => invoke('callkeeper', client, method, params),
      refusalsIn: (method, params, answer) =>
        method === 'makeCalls' ? refusalsIn(orderAnswerSchema.parse(answer), { ...keys, ...params }) : [],
      placeCall: (order) => placeCall(client, order, manager),
      findCalls: (query) => findCalls(client, query),
      listCalls: (window, place) => listCalls(client, window, patiently(ports.wait), place),
      readFunds: async () => fundsOf(await client.getUserInfo({})),
      check: () => checkAccount(client, ports.clock()),
    };
  },
};
