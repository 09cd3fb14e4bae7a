import type { Order, Placed } from '../provider.ts';
import type { Client } from './client.ts';

/** Posts a copy of the lead. A repeat bears the same id, by which the receiver drops what it has already. */
export async function trackLead(client: Client, order: Order): Promise<Placed> {
  const id = `${order.leadId}-track`;
  await client.deliver(id, toMessage(order));
  return { providerId: id };
}

/** The lead as receivers get it: the names of the leads API; what the lead lacks is left out. */
function toMessage({ leadId, createdAt, callAt, hours, ...lead }: Order): Record<string, unknown> {
  return {
    id: leadId,
    createdAt: new Date(createdAt).toISOString(),
    ...lead,
    ...(callAt === undefined ? {} : { callAt: new Date(callAt).toISOString() }),
  };
}
