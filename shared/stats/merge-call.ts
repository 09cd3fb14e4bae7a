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
 * The lead with this news of a call; undefined when it is no news. What is over does not begin again: hooks that come late
 * or once more change nothing. Pure.
 */
export function mergeCall(lead: Lead, news: CallOutcome, source: NewsSource): Lead | undefined {
  const known = lead.calls.find(({ callId }) => callId === news.callId);
  if (known !== undefined && !isNews(known, news, source)) return undefined;
  const merged = known === undefined ? news : { ...news, recordUrl: news.recordUrl ?? known.recordUrl };
  const others = lead.calls.filter(({ callId }) => callId !== news.callId);
  const calls = [...others, merged].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0));
  return { ...lead, calls };
}

function isNews(known: CallOutcome, news: CallOutcome, source: NewsSource): boolean {
  const isSame = (Object.keys(news) as (keyof CallOutcome)[]).every((key) => news[key] === known[key]);
  if (isSame) return false;
  // A list that does not tell whether a call is over still knows better than the hooks before it.
  if (source === 'list' && news.final === null) return (news.attempt ?? 0) >= (known.attempt ?? 0);
  const steps = [
    (news.attempt ?? 0) - (known.attempt ?? 0),
    Number(news.final ?? false) - Number(known.final ?? false),
    source === 'list' ? 0 : (news.talkSeconds ?? 0) - (known.talkSeconds ?? 0),
  ];
  return (steps.find((step) => step !== 0) ?? 0) >= 0;
}
