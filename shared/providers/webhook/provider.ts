import { isIP } from 'node:net';
import * as z from 'zod';
import { secretSchema } from '../../config/values.ts';
import { isLoopbackAddress, isLoopbackHost, isPublicAddress } from '../../http/public-address.ts';
import { unknownMethod } from '../invoke.ts';
import type { Provider } from '../provider.ts';
import { checkAddress } from './check.ts';
import { createClient, methods } from './client.ts';
import { trackLead } from './delivery.ts';

const fields = {
  provider: z.literal('webhook'),
  url: z
    .string()
    .refine(
      isSafeUrl,
      'must be an https:// address without a password in it; http:// only on the loopback, for trying out',
    ),
  /** How a lead is written: as JSON, or as a form with PHP's brackets for what is nested, which older CRMs take. */
  format: z.enum(['json', 'form']).default('json'),
};

const accountSchema = z.strictObject({ ...fields, signingSecret: secretSchema });
const connectedSchema = z.object({ ...fields, signingSecret: z.string().min(1) });

/** Any receiver of one's own: gets leads as JSON, signed as the Standard Webhooks specification has it. */
export const webhook: Provider = {
  name: 'webhook',
  accountSchema,
  canCall: () => false,
  canTrack: () => true,
  localOnly: ({ url }) =>
    isPublicUrl(String(url)) ? undefined : 'url must be an https:// address on the public internet',
  hasStats: () => false,
  batchSize: 1,
  methods,
  connect(account, ports) {
    const connected = connectedSchema.parse(account);
    const isAllowed = (address: string) =>
      isPublicAddress(address) || (ports.allowLoopback === true && isLoopbackAddress(address));
    const client = createClient(connected, { ...ports, isAllowed });
    return {
      async invoke(method, params) {
        if (method !== 'deliver') throw unknownMethod('webhook', method);
        const id = ports.newNonce();
        await client.deliver(id, params);
        return { id };
      },
      trackLead: (order) => trackLead(client, order),
      check: () => checkAddress(connected.url, isAllowed),
    };
  },
};

/** As far as the address itself tells: where a name leads to is seen when it is connected to. */
function isPublicUrl(text: string): boolean {
  const { protocol, hostname } = new URL(text);
  const host = hostname.replace(/^\[(.*)\]$/, '$1');
  return protocol === 'https:' && !isLoopbackHost(hostname) && (isIP(host) === 0 || isPublicAddress(host));
}

function isSafeUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  const isSealed = protocol === 'https:' || (protocol === 'http:' && isLoopbackHost(hostname));
  return isSealed && username === '' && password === '';
}
