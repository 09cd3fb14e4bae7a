import type { Config } from '#shared/config/schema.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import { type Lead, leadState } from '#shared/lead/lead.ts';
import type { ApiDelivery, ApiLead } from '#shared/operator-api.ts';

/** A lead as the API shows it. */
export function presentLead(lead: Lead, accounts: Config['accounts']): ApiLead {
  const { id, form, phone, name = null, email = null, comment = null, fields, attribution } = lead;
  return {
    id,
    form,
    state: leadState(lead),
    createdAt: iso(lead.createdAt),
    phone,
    name,
    email,
    comment,
    subject: lead.subject,
    spam: lead.spam ?? null,
    fields,
    attribution,
    deliveries: lead.deliveries.map((delivery) => presentDelivery(delivery, accounts)),
    calls: lead.calls.map((call) => ({ ...call, startedAt: isoOrNull(call.startedAt) })),
  };
}

function presentDelivery(delivery: Delivery, accounts: Config['accounts']): ApiDelivery {
  const { id, kind, account, state, attempts, providerId, reason, refusals, claim, nextAt, updatedAt } = delivery;
  return {
    id,
    kind,
    account,
    provider: accounts[account]?.provider ?? null,
    state,
    attempts,
    providerId,
    reason,
    refusals: refusals.map((refusal) => ({ ...refusal, at: iso(refusal.at) })),
    mayBePlaced: claim !== null,
    nextAt: isoOrNull(nextAt),
    updatedAt: iso(updatedAt),
  };
}

function iso(instant: number): string {
  return new Date(instant).toISOString();
}

function isoOrNull(instant: number | null): string | null {
  return instant === null ? null : iso(instant);
}
