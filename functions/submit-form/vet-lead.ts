import { captchas } from '#shared/config/captchas.ts';
import type { Form } from '#shared/config/schema.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import { refuse } from '#shared/http/refuse.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import { step } from '#shared/lead/delivery-machine.ts';
import { firstText } from '#shared/lead/fields.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { SubmitDeps, SubmitInput } from './submit-form.ts';

/** How long the same form, sent at the same moment, may take to be stored by the one that got to spend the captcha's token. */
const twinMs = 1_000;

/**
 * Stores a lead unless its id is taken. Who may keep a new one out is asked first, but never about one that is there already.
 * Throws InvalidRequestError: 422 without a good captcha, 429 when its visitor has sent too many.
 */
export async function storeLead(lead: Lead, input: SubmitInput, deps: SubmitDeps) {
  const { formId, form, visitor } = input;
  const isFree = deps.rateLimit.isFirst(formId, visitor.address, form.rateLimit);
  if (isFree && form.captcha === undefined) return deps.leads.create(lead);
  const known = await deps.leads.get(lead.id);
  if (known !== undefined) return { lead: known, created: false };
  try {
    if (!isFree) await countVisitor(input, deps);
    return await deps.leads.create(await checkCaptcha(lead, input, deps));
  } catch (error) {
    if (!(error instanceof InvalidRequestError)) throw error;
    if (error.status === 422) await deps.wait(twinMs);
    const twin = await deps.leads.get(lead.id);
    if (twin === undefined) throw error;
    return { lead: twin, created: false };
  }
}

/** The lead as it is to be stored: as it is, or with its deliveries held where the verifier cannot be asked. Throws InvalidRequestError 422. */
export async function checkCaptcha(lead: Lead, input: SubmitInput, deps: SubmitDeps): Promise<Lead> {
  const { form, fields, visitor } = input;
  const { captcha, origins } = form;
  if (captcha === undefined || lead.spam !== undefined) return lead;
  const { field } = captchas[captcha.kind];
  const token = firstText(fields[field]);
  if (token === undefined) throw refuse(422, 'invalid_fields', { fields: [{ field, code: 'captcha_missing' }] });
  const question = { token, address: visitor.address, lead: lead.id, form: lead.form };
  const verdict = await deps.verifyCaptcha({ captcha, origins }, question);
  if (verdict === 'refused') throw refuse(422, 'invalid_fields', { fields: [{ field, code: 'captcha_refused' }] });
  return verdict === 'passed' ? lead : held(lead, 'the captcha could not be verified', form);
}

function held(lead: Lead, reason: string, form: Form): Lead {
  const hold = (delivery: Delivery) =>
    step(delivery, { type: 'hold', reason }, lead.createdAt, form)?.delivery ?? delivery;
  return { ...lead, deliveries: lead.deliveries.map(hold) };
}

/** Throws InvalidRequestError 429. */
export async function countVisitor({ formId, form, visitor }: SubmitInput, { rateLimit }: SubmitDeps): Promise<void> {
  const retryAfterSeconds = await rateLimit.count(formId, visitor.address, form.rateLimit);
  if (retryAfterSeconds !== undefined) throw refuse(429, 'too_many_requests', { retryAfterSeconds });
}
