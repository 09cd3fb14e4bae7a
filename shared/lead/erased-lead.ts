import { formDefaults } from '../config/form-defaults.ts';
import type { Delivery } from './delivery.ts';
import { step } from './delivery-machine.ts';
import { repeatWindow } from './key.ts';
import type { KeySource, Lead } from './lead.ts';

/** What stays of a lead without its personal data: that its key was used, and what had become of it. Times are milliseconds since 1970 UTC. */
export type ErasedLead = Pick<Lead, 'id' | 'form' | 'createdAt'> & {
  erasedAt: number;
  deliveries: Pick<Delivery, 'id' | 'account' | 'state' | 'attempts' | 'updatedAt'>[];
};

/**
 * How long an erased lead keeps its id taken, where that is not the form's retention. An id made of phone and window can be
 * traced back by trying all phones, so it goes as soon as no repeat can come any more.
 */
export const erasedMemoryMs: Partial<Record<KeySource, number>> = { window: 6 * repeatWindow };

/** Cancels what has not left yet and drops the rest. Undefined while a provider is asked or looked up: that answer has to find its lead. Pure. */
export function eraseLead(lead: Lead, now: number): ErasedLead | undefined {
  if (lead.deliveries.some(({ state }) => state === 'CALLING' || state === 'UNKNOWN')) return undefined;
  const { id, form, createdAt } = lead;
  const deliveries = lead.deliveries
    .map((delivery) => step(delivery, { type: 'cancel' }, now, formDefaults)?.delivery ?? delivery)
    .map(({ id, account, state, attempts, updatedAt }) => ({ id, account, state, attempts, updatedAt }));
  return { id, form, createdAt, erasedAt: now, deliveries };
}
