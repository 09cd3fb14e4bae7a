import type { CallOutcome, Lead } from '../lead/lead.ts';
import type { ProviderCall } from './call.ts';

/** What a lead keeps of a call. */
export function toOutcome(call: ProviderCall): CallOutcome {
  const { callId, status, answered, talkSeconds, startedAt, recordUrl, attempt, final } = call;
  return { callId, status: status ?? '', answered, talkSeconds, startedAt, recordUrl, attempt, final };
}

/** Where news come from: the provider's list tells how a call stands now, a hook how it stood when it was sent. */
export type NewsSource = 'list' | 'hook';

/**
 * The lead with this news of a call; undefined when it is no news. What is over does not begin again: a hook counts only where it tells of
 * something further than what is known, so that it may come late, once more and in any order. Pure.
 */
export function mergeCall(lead: Lead, news: CallOutcome, source: NewsSource): Lead | undefined {
  const known = lead.calls.find(({ callId }) => callId === news.callId);
  const merged = known === undefined ? news : mergeOutcomes(known, news, source);
  if (known !== undefined && isSame(known, merged)) return undefined;
  const others = lead.calls.filter(({ callId }) => callId !== news.callId);
  const calls = [...others, merged].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  return { ...lead, calls };
}

function mergeOutcomes(known: CallOutcome, news: CallOutcome, source: NewsSource): CallOutcome {
  if (source === 'list' ? isBehind(known, news) : !isFurther(known, news)) {
    return { ...known, recordUrl: known.recordUrl ?? news.recordUrl };
  }
  // A list that does not tell whether a call is over does not open it again.
  const final = news.final ?? ((news.attempt ?? 0) > (known.attempt ?? 0) ? null : (known.final ?? null));
  const startedAt = news.startedAt ?? known.startedAt;
  return { ...news, startedAt, recordUrl: news.recordUrl ?? known.recordUrl, final };
}

/** A list tells how a call stands now, unless it is slower than the hooks: of an earlier attempt, or of one under way that is over. */
function isBehind(known: CallOutcome, news: CallOutcome): boolean {
  const attempts = (news.attempt ?? known.attempt ?? 0) - (known.attempt ?? 0);
  return attempts < 0 || (attempts === 0 && news.final === false && known.final === true);
}

function isFurther(known: CallOutcome, news: CallOutcome): boolean {
  const steps = [
    (news.attempt ?? 0) - (known.attempt ?? 0),
    Number(news.answered) - Number(known.answered),
    stageOf(news) - stageOf(known),
    (news.talkSeconds ?? 0) - (known.talkSeconds ?? 0),
  ];
  return (steps.find((step) => step !== 0) ?? 0) > 0;
}

/** Under way, then what a list tells that knows no stages, then over. */
function stageOf({ final = null }: CallOutcome): number {
  return final === null ? 1 : final ? 2 : 0;
}

function isSame(one: CallOutcome, other: CallOutcome): boolean {
  return (Object.keys(other) as (keyof CallOutcome)[]).every((key) => (one[key] ?? null) === (other[key] ?? null));
}
