import { formDefaults } from '../config/form-defaults.ts';
import type { Delivery } from './delivery.ts';
import { step } from './delivery-machine.ts';
import type { Lead } from './lead.ts';

/**
 * What tells whether a provider's call may be that of a lead, and nothing of the person; of an erased lead too, for its call may
 * turn up in a list afterwards and must be given to nobody else.
 */
export type LeadTrace = Pick<Lead, 'id' | 'form' | 'createdAt'> & {
  deliveries: Pick<
    Delivery,
    'id' | 'kind' | 'route' | 'account' | 'state' | 'attempts' | 'passing' | 'claim' | 'endedAt' | 'updatedAt'
  >[];
  calls: Pick<Lead['calls'][number], 'callId'>[];
};

/** What stays of a lead without its personal data: that its key was used, and what had become of it. Times are milliseconds since 1970 UTC. */
export type ErasedLead = LeadTrace & { erasedAt: number };

/** Cancels what has not left yet and drops the rest. Undefined while a provider is asked or looked up: that answer has to find its lead. Pure. */
export function eraseLead(lead: Lead, now: number): ErasedLead | undefined {
  if (lead.deliveries.some(({ state }) => state === 'CALLING' || state === 'UNKNOWN')) return undefined;
  const { id, form, createdAt } = lead;
  const deliveries = lead.deliveries
    .map((delivery) => step(delivery, { type: 'cancel' }, now, formDefaults)?.delivery ?? delivery)
    .map(({ refusals, since, nextAt, wakeAt, providerId, reason, ...rest }) => rest);
  return { id, form, createdAt, erasedAt: now, deliveries, calls: [] };
}
