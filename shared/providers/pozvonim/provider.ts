import * as z from 'zod';
import { idSchema, secretSchema } from '../../config/values.ts';
import { invoke } from '../invoke.ts';
import { patiently } from '../patience.ts';
import type { Provider } from '../provider.ts';
import { checkAccount } from './check.ts';
import { createClient } from './client.ts';
import { findCalls, placeCall } from './delivery.ts';
import { methods } from './methods.ts';
import { accountOf, listCalls } from './stats.ts';

const fields = { provider: z.literal('pozvonim'), uid: idSchema, siteId: idSchema, region: idSchema.optional() };
const accountSchema = z.strictObject({ ...fields, apiKey: secretSchema });
const connectedSchema = z.object({ ...fields, apiKey: z.string().min(1) });

/** Pozvonim, by its v2u API document: rings the site's managers, then the visitor. */
export const pozvonim: Provider = {
  name: 'pozvonim',
  origin: 'https://api.pozvonim.com',
  originVariable: 'POZVONIM_URL',
  accountSchema,
  canCall: () => true,
  canTrack: () => false,
  hasStats: () => true,
  batchSize: 1,
  methods,
  listKey: ({ uid }) => String(uid),
  accountOf,
  connect(account, ports) {
    const { uid, apiKey, siteId, region } = connectedSchema.parse(account);
    const client = createClient({ uid, apiKey }, ports);
    return {
      invoke: (method, params) => invoke('pozvonim', client, method, params),
      placeCall: (order) => placeCall(client, order, { siteId, region }),
      findCalls: (query) => findCalls(client, query),
      listCalls: (window, place) => listCalls(client, window, patiently(ports.wait), place),
      check: () => checkAccount(client, siteId, ports.clock),
    };
  },
};
