import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';

const createdAt = Date.UTC(2026, 10, 22, 9);

/** A plain lead with one call to the account `main`; `deliveries` say only what matters. */
export function makeLead(changes: Partial<Omit<Lead, 'deliveries'>> & { deliveries?: Partial<Delivery>[] } = {}): Lead {
  const { deliveries = [{}], ...rest } = changes;
  const [call] = newDeliveries({ call: ['main'], track: [] }, createdAt) as [Delivery];
  return {
    id: 'lead-1',
    form: 'callback',
    createdAt,
    updatedAt: createdAt,
    phone: '+79161112233',
    subject: 'Call me back',
    language: 'en',
    fields: {},
    attribution: {},
    visitor: {},
    key: { source: 'field', payloadHash: 'hash' },
    calls: [],
    ...rest,
    deliveries: deliveries.map((delivery, index) => ({
      ...call,
      id: index === 0 ? 'call' : `track:${index}`,
      ...delivery,
    })),
  };
}
