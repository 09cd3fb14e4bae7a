import { rehearsalId } from '#shared/lead/rehearsal.ts';
import type { ApiCall, ApiDelivery, ApiLead } from '#shared/operator-api.ts';
import type { Texts } from './texts.ts';

/** One thing that happened. `at` is null where only the order is known. `tone`: how it looks. */
export type Step = {
  at: string | null;
  title: string;
  detail: string;
  tone: 'good' | 'bad' | 'busy' | 'plain';
  link?: string;
};

/** A lead's way from the form over queue and provider to the ring and the answer, in order. */
export function timelineOf(lead: ApiLead, texts: Texts): Step[] {
  const { deliveries, calls, spam, createdAt, form, subject } = lead;
  const received: Step = { at: createdAt, title: texts.formReceived, detail: `${form}: ${subject}`, tone: 'plain' };
  const marked: Step[] = spam === null ? [] : [{ at: createdAt, title: texts.takenForSpam, detail: spam, tone: 'bad' }];
  const queued: Step[] =
    spam === null && deliveries.length > 0
      ? [{ at: createdAt, title: texts.queued, detail: texts.deliveryCount(deliveries.length), tone: 'plain' }]
      : [];
  const isPlaced = deliveries.some(
    ({ kind, state, providerId }) => kind === 'call' && state === 'PLACED' && providerId !== rehearsalId,
  );
  const outcome: Step[] =
    calls.length === 0 && isPlaced ? [{ at: null, title: texts.noOutcome, detail: '', tone: 'plain' }] : [];
  return [
    received,
    ...marked,
    ...queued,
    ...deliveries.flatMap((delivery) => stepsOf(delivery, texts)),
    ...calls.map((call) => answerOf(call, texts)),
    ...outcome,
  ];
}

const tones: Record<ApiDelivery['state'], Step['tone']> = {
  READY: 'busy',
  CALLING: 'busy',
  UNKNOWN: 'busy',
  PLACED: 'good',
  REJECTED: 'bad',
  HELD: 'bad',
  EXPIRED: 'bad',
  CANCELLED: 'plain',
};

function stepsOf(delivery: ApiDelivery, texts: Texts): Step[] {
  const { kind, account, provider, state, attempts, providerId, reason, refusals, updatedAt } = delivery;
  const refused = refusals.map(
    (refusal): Step => ({
      at: refusal.at,
      title: texts.refusedBy(refusal.account),
      detail: refusal.reason,
      tone: 'bad',
    }),
  );
  const isRehearsal = providerId === rehearsalId;
  const details = [
    texts.by(account, provider ?? texts.notInConfig),
    ...(attempts > 0 ? [texts.attempts(attempts)] : []),
    ...(providerId === null || isRehearsal ? [] : [texts.number(providerId)]),
    ...(reason === null ? [] : [texts.reasons[reason] ?? reason]),
  ];
  const name = kind === 'call' ? texts.call : texts.copy;
  const words = isRehearsal ? texts.rehearsal : texts.deliveryStates[state];
  return [...refused, { at: updatedAt, title: `${name}: ${words}`, detail: details.join(', '), tone: tones[state] }];
}

function answerOf({ startedAt, status, answered, talkSeconds, recordUrl, final }: ApiCall, texts: Texts): Step {
  if (final === false) return { at: startedAt, title: texts.ringing, detail: status, tone: 'busy' };
  const title = answered ? texts.answered(talkSeconds) : texts.notAnswered;
  // An address comes from a provider: only one that a browser opens as a page is made a link.
  const link = recordUrl !== null && /^https?:\/\//i.test(recordUrl) ? { link: recordUrl } : {};
  return { at: startedAt, title, detail: status, tone: answered ? 'good' : 'bad', ...link };
}
