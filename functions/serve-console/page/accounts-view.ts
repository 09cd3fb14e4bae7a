import type { ApiAccount } from '#shared/operator-api.ts';
import { type Context, dateText, timeText } from './context.ts';
import { button, el } from './dom.ts';

/** The accounts with what keeps leads away from them. */
export async function accountsView(context: Context): Promise<Node[]> {
  const { accounts } = await context.api.accounts();
  const cards = accounts.map((account) => el('li', {}, accountCard(account, context)));
  return [el('h1', { tabindex: -1 }, context.texts.accounts), el('ul', { class: 'leads' }, ...cards)];
}

function accountCard(account: ApiAccount, context: Context): Node {
  const { id, provider, calls, tracks, breaker, pace } = account;
  const { texts, language, attempt } = context;
  const when = (instant: string) => timeText(instant, language);
  const status = breaker ? texts.refusing(breaker.reason, when(breaker.openedAt), when(breaker.probeAt)) : texts.works;
  return el(
    'article',
    { class: 'lead', 'data-state': breaker ? 'attention' : 'done' },
    el('p', { class: 'head' }, el('b', { class: 'phone' }, id), el('span', { class: 'small' }, provider)),
    el('p', { class: breaker ? 'reason' : 'small' }, status),
    el('p', { class: 'small' }, fundsText(account, context)),
    pace && el('p', { class: 'small' }, paceText(pace, context)),
    calls.length > 0 && el('p', { class: 'small' }, texts.ringsFor(calls.join(', '))),
    tracks.length > 0 && el('p', { class: 'small' }, texts.copiesFor(tracks.join(', '))),
    calls.length + tracks.length === 0 && el('p', { class: 'small' }, texts.unused),
    el(
      'p',
      { class: 'buttons' },
      button(texts.releaseAll, () => attempt(() => releaseAll(id, context))),
    ),
  );
}

function fundsText({ funds }: ApiAccount, { texts, language }: Context): string {
  const { minutesLeft = null, paidTill = null } = funds ?? {};
  const known = [
    ...(minutesLeft === null ? [] : [texts.minutesLeft(minutesLeft)]),
    ...(paidTill === null ? [] : [texts.paidTill(dateText(paidTill, language))]),
  ];
  if (funds === null || known.length === 0) return texts.fundsUnknown;
  return texts.fundsAsOf(known.join(', '), timeText(funds.readAt, language));
}

function paceText({ perSecond, waitSeconds, points }: NonNullable<ApiAccount['pace']>, { texts }: Context): string {
  const parts = [
    texts.perSecond(perSecond),
    ...(waitSeconds > 0 ? [texts.slotIn(waitSeconds)] : []),
    ...(points ? [texts.pointsLeft(points.left, points.perDay)] : []),
  ];
  return parts.join(', ');
}

async function releaseAll(account: string, { api, texts, say }: Context): Promise<void> {
  let released = 0;
  let cursor: string | null = null;
  do {
    const part = await api.releaseAccount(account, cursor ?? undefined);
    released += part.released;
    cursor = part.cursor;
    say(texts.releasedAll(released));
  } while (cursor !== null);
}
