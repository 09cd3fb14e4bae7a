import type { Config } from '#shared/config/schema.ts';
import { type Lead, leadState } from '#shared/lead/lead.ts';

const iso = (instant: number | null) => (instant === null ? null : new Date(instant).toISOString());

/** A lead as the API shows it; times are ISO 8601 in UTC. */
export function presentLead(lead: Lead, accounts: Config['accounts']) {
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
    deliveries: lead.deliveries.map(
      ({ id: delivery, kind, account, state, attempts, providerId, reason, refusals, ...times }) => ({
        id: delivery,
        kind,
        account,
        provider: accounts[account]?.provider ?? null,
        state,
        attempts,
        providerId,
        reason,
        refusals: refusals.map((refusal) => ({ ...refusal, at: iso(refusal.at) })),
        nextAt: iso(times.nextAt),
        updatedAt: iso(times.updatedAt),
      }),
    ),
    calls: lead.calls.map((call) => ({ ...call, startedAt: iso(call.startedAt) })),
  };
}
