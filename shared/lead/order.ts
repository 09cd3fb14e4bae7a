import type { Form } from '../config/schema.ts';
import type { Order } from '../providers/provider.ts';
import type { Lead } from './lead.ts';
import { nextOpening } from './opening-hours.ts';

/** The lead as its provider gets it; outside the form's hours it asks for a deferred call. Pure. */
export function toOrder(lead: Lead, form: Pick<Form, 'hours'> | undefined, now: number): Order {
  const { name, email, comment } = lead;
  const page = lead.attribution.current_page ?? '';
  const callAt = form?.hours && nextOpening(form.hours, now);
  return {
    leadId: lead.id,
    phone: lead.phone,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(comment === undefined ? {} : { comment }),
    subject: lead.subject,
    language: lead.language,
    fields: lead.fields,
    attribution: lead.attribution,
    visitor: lead.visitor,
    ...(URL.canParse(page) ? { site: new URL(page).hostname } : {}),
    createdAt: lead.createdAt,
    ...(callAt === undefined ? {} : { callAt }),
    ...(form?.hours ? { hours: form.hours } : {}),
  };
}
