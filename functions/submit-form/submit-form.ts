import type { Config, Form } from '#shared/config/schema.ts';
import { nudge, raiseAlarm } from '#shared/deliver.ts';
import { isSizeOfForm } from '#shared/http/body.ts';
import { refuse } from '#shared/http/refuse.ts';
import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import { type Fields, firstText } from '#shared/lead/fields.ts';
import { isSameWindow, keyedLeadId, payloadHash, windowLeadIds } from '#shared/lead/key.ts';
import type { KeySource, Language, Lead } from '#shared/lead/lead.ts';
import type { Log } from '#shared/log.ts';
import type { Clock, Wait } from '#shared/ports.ts';
import type { SendNudge } from '#shared/queue.ts';
import type { LeadStore } from '#shared/store/leads.ts';
import type { VerifyCaptcha } from './captcha/verify-captcha.ts';
import type { RateLimit } from './rate-limit.ts';
import { readSubmission, type Submission } from './read-submission.ts';
import type { Stamps } from './stamps.ts';
import { checkCaptcha, countVisitor, storeLead } from './vet-lead.ts';

export type SubmitDeps = {
  config: Config;
  leads: Pick<LeadStore, 'create' | 'get' | 'change'>;
  sendNudge: SendNudge;
  stamps: Stamps;
  /** Key of the ids that are made from a phone. */
  readIdKey: () => Promise<string>;
  rateLimit: RateLimit;
  verifyCaptcha: VerifyCaptcha;
  clock: Clock;
  wait: Wait;
  log: Log;
};

export type SubmitInput = {
  formId: string;
  form: Form;
  fields: Fields;
  /** `Idempotency-Key`, where the header came. */
  keyHeader: string | undefined;
  language: Language;
  visitor: { address: string; userAgent?: string };
};

/** `replayed`: the very same was sent before, and nothing has changed. */
export type SubmitResult = { id: string; replayed: boolean };

const maxKeyLength = 255;

/**
 * Stores a form that was sent as one lead, once, and nudges its deliveries.
 * Throws InvalidRequestError for a form that cannot be taken, when its key has been used for another payload, without a good captcha,
 * and when its visitor has sent too many.
 */
export async function submitForm(input: SubmitInput, deps: SubmitDeps): Promise<SubmitResult> {
  const submission = await judgeFillTime(readSubmission(input.fields, input.form), input, deps);
  const key = readKey(input);
  if (key === undefined) return submitInWindow(input, submission, deps);
  const id = keyedLeadId(input.formId, key.source, key.value);
  const lead = newLead(id, key.source, input, submission, deps.clock());
  const stored = await storeLead(lead, input, deps);
  if (stored.created) return accept(stored.lead, deps);
  if (stored.lead.key.payloadHash !== lead.key.payloadHash) throw refuse(422, 'key_reused');
  return repeat(stored.lead, true, deps);
}

/** A form that was filled in faster than a person can is spam by its look. Without JavaScript there is no stamp, and nothing to judge by. */
async function judgeFillTime(submission: Submission, input: SubmitInput, { stamps }: SubmitDeps): Promise<Submission> {
  const { formId, form, fields } = input;
  const stamp = firstText(fields['_stamp']);
  if (form.minFillSeconds === 0 || stamp === undefined || submission.spam !== undefined) return submission;
  const spam = await stamps.judge(formId, stamp, form.minFillSeconds);
  return spam === undefined ? submission : { ...submission, spam };
}

/** The first key that was sent. Throws InvalidRequestError when it is a list or too long. */
function readKey({
  keyHeader,
  fields,
}: SubmitInput): { source: 'header' | 'field' | 'tilda'; value: string } | undefined {
  const keys = [
    { source: 'header', value: keyHeader },
    { source: 'field', value: fields['_key'] },
    { source: 'tilda', value: fields['tranid'] },
  ] as const;
  for (const { source, value = '' } of keys) {
    if (value === '') continue;
    if (typeof value !== 'string' || value.length > maxKeyLength) throw refuse(400, 'bad_key');
    return { source, value };
  }
  return undefined;
}

/** Without a key, the same phone within ten minutes is the same lead, and what was mended meanwhile is kept on it. */
async function submitInWindow(input: SubmitInput, submission: Submission, deps: SubmitDeps): Promise<SubmitResult> {
  const now = deps.clock();
  const isSpam = submission.spam !== undefined;
  const ids = windowLeadIds(input.formId, submission.phone, isSpam, now, await deps.readIdKey());
  const lead = newLead(ids.current, 'window', input, submission, now);
  for (const id of ids.neighbours) {
    const neighbour = await deps.leads.get(id);
    if (neighbour && isSameWindow(neighbour.createdAt, now)) return mend(neighbour, lead, input, deps);
  }
  const stored = await storeLead(lead, input, deps);
  return stored.created ? accept(stored.lead, deps) : mend(stored.lead, lead, input, deps);
}

function newLead(id: string, source: KeySource, input: SubmitInput, submission: Submission, now: number): Lead {
  const { formId, form, language, visitor } = input;
  return {
    id,
    form: formId,
    createdAt: now,
    updatedAt: now,
    subject: form.name,
    ...submission,
    language,
    visitor,
    key: { source, payloadHash: payloadHash(input.fields) },
    deliveries: newDeliveries(form, now),
    calls: [],
  };
}

async function mend(stored: Lead, sent: Lead, input: SubmitInput, deps: SubmitDeps): Promise<SubmitResult> {
  if (mended(stored, sent) !== undefined) {
    await countVisitor(input, deps);
    await checkCaptcha(sent, input, deps);
  }
  const { written } = await deps.leads.change(stored.id, (lead) => mended(lead, sent));
  return repeat(stored, !written, deps);
}

/**
 * The stored lead with what was sent again: the newer word counts, what it does not mention stays, as long as all of it together is
 * no more than one form may hold.
 */
function mended(stored: Lead, sent: Lead): Lead | undefined {
  if (stored.key.payloadHash === sent.key.payloadHash) return undefined;
  const all = { ...stored.fields, ...sent.fields };
  const { name = stored.name, email = stored.email, comment = stored.comment } = sent;
  return {
    ...stored,
    ...(name === undefined ? {} : { name }),
    ...(email === undefined ? {} : { email }),
    ...(comment === undefined ? {} : { comment }),
    fields: isSizeOfForm(all) ? all : sent.fields,
    attribution: { ...sent.attribution, ...stored.attribution },
    key: sent.key,
  };
}

async function accept(lead: Lead, deps: SubmitDeps): Promise<SubmitResult> {
  const { log } = deps;
  const details = { form: lead.form, lead: lead.id, key: lead.key.source, spam: lead.spam };
  log('lead accepted', details, { AcceptedLeads: 1 });
  if (lead.spam === undefined) await Promise.all(lead.deliveries.map((delivery) => start(lead, delivery, deps)));
  return { id: lead.id, replayed: false };
}

async function start(lead: Lead, delivery: Delivery, { config, sendNudge, log }: SubmitDeps): Promise<void> {
  const { id, account, state } = delivery;
  if (state === 'HELD') raiseAlarm(log, lead.id, delivery);
  else await nudge(sendNudge, log, config.accounts[account]?.provider ?? '', lead.id, id);
}

function repeat(lead: Lead, replayed: boolean, { log }: SubmitDeps): SubmitResult {
  log('lead repeated', { form: lead.form, lead: lead.id, replayed });
  return { id: lead.id, replayed };
}
