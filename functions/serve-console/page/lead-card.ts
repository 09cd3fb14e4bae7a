import type { ApiLead } from '#shared/operator-api.ts';
import { type Advice, adviseOn } from './advice.ts';
import { type Context, confirm, time } from './context.ts';
import { button, el } from './dom.ts';
import { inTurn, wait } from './in-turn.ts';
import { type Step, timelineOf } from './timeline.ts';

/** For so long a lead that something may still happen to is asked about again and again. */
const followMs = 5 * 60_000;
/** On a page of its own so often that news are there within a second; in a list, where there may be many, seldom and ever more so. */
const watchMs = 500;
const longestMs = 5_000;

export type CardOptions = {
  /** With its timeline and all that was sent. */
  whole: boolean;
  onErased(): void;
};

/** A lead with what it needs and the buttons for that. It follows what it has set going. */
export function leadCard(lead: ApiLead, context: Context, options: CardOptions): HTMLElement {
  const card = el('article', { class: 'lead', 'data-id': lead.id });
  let shown = '';
  const show = (current: ApiLead) => {
    if (JSON.stringify(current) === shown) return;
    shown = JSON.stringify(current);
    const focused = card.contains(document.activeElement);
    card.replaceChildren(...parts(current, context, options, act));
    card.dataset['state'] = current.state;
    if (focused) card.querySelector<HTMLElement>('a, button')?.focus();
  };
  const follow = async () => {
    const end = Date.now() + followMs;
    for (let round = 1; Date.now() < end; round++) {
      await wait(options.whole ? watchMs : Math.min(round * 1_000, longestMs));
      const current = await inTurn(async () => (card.isConnected ? await context.api.lead(lead.id) : undefined));
      if (current === undefined) return;
      show(current);
      if (!isMoving(current)) return;
    }
  };
  const act = async (action: Advice['actions'][number], { ringsTwice }: Advice) => {
    const { api, texts, say } = context;
    if (action === 'erase') {
      if (!(await confirm(texts.eraseWarning, context))) return;
      await api.erase(lead.id);
      say(texts.erased);
      return options.onErased();
    }
    if (action === 'release' && ringsTwice && !(await confirm(texts.ringTwiceWarning, context))) return;
    show(await api.act(lead.id, action));
    say(texts.changed[action]);
    void context.attempt(follow);
  };
  show(lead);
  if (options.whole && isMoving(lead)) void context.attempt(follow);
  return card;
}

/** On its way, or placed and nobody has told yet what became of the call. */
function isMoving({ state, deliveries, calls }: ApiLead): boolean {
  const isPlaced = deliveries.some((delivery) => delivery.kind === 'call' && delivery.state === 'PLACED');
  return state === 'open' || (isPlaced && (calls.length === 0 || calls.some(({ final }) => final === false)));
}

type Act = (action: Advice['actions'][number], advice: Advice) => Promise<void>;

function parts(lead: ApiLead, context: Context, { whole }: CardOptions, act: Act): Node[] {
  const { texts, attempt } = context;
  const advice = adviseOn(lead, texts);
  const actions = whole ? advice.actions : advice.actions.filter((action) => action !== 'erase');
  const isAsked = whole || advice.words.length > 0;
  const kinds: Record<string, string> = { release: 'main', retry: 'main', erase: 'danger' };
  const buttons = actions.map((action) =>
    button(texts[action], () => attempt(() => act(action, advice)), { class: kinds[action] ?? '' }),
  );
  return [
    head(lead, context, whole),
    ...reasonsOf(lead, context),
    ...advice.words.map((words) => el('p', { class: 'advice' }, words)),
    ...(isAsked && buttons.length > 0 ? [el('p', { class: 'buttons' }, ...buttons)] : []),
    ...(whole ? [timeline(lead, context), sent(lead, context)] : []),
  ];
}

function head({ id, phone, name, form, state, createdAt }: ApiLead, { texts, language }: Context, whole: boolean) {
  const title = whole
    ? el('a', { href: `tel:${phone}`, class: 'phone' }, phone)
    : el('a', { href: `#/lead/${id}`, class: 'phone' }, phone);
  return el(
    'p',
    { class: 'head' },
    title,
    el('span', { class: 'name' }, name ?? ''),
    el('span', { class: 'badge', 'data-state': state }, texts.states[state]),
    el('span', { class: 'small' }, form, ' · ', time(createdAt, language)),
  );
}

/** Why it is held, as the provider or Ringback put it. */
function reasonsOf({ deliveries }: ApiLead, { texts }: Context): Node[] {
  return deliveries
    .filter(({ state, reason }) => state === 'HELD' && reason !== null)
    .map(({ account, reason }) => el('p', { class: 'reason' }, `${account}: ${texts.reasons[reason ?? ''] ?? reason}`));
}

function timeline(lead: ApiLead, { texts, language }: Context): Node {
  const step = ({ at, title, detail, tone, link }: Step) =>
    el(
      'li',
      { 'data-tone': tone },
      at === null ? null : time(at, language),
      el('b', {}, title),
      el('span', {}, detail),
      link === undefined ? null : el('a', { href: link, target: '_blank', rel: 'noreferrer' }, texts.record),
    );
  return el(
    'section',
    {},
    el('h2', {}, texts.timeline),
    el('ol', { class: 'timeline' }, ...timelineOf(lead, texts).map(step)),
  );
}

function sent({ id, email, comment, fields, attribution }: ApiLead, { texts }: Context): Node {
  const facts = Object.entries({ id, email, comment, ...attribution, ...fields }).filter(([, value]) => value !== null);
  const rows = facts.map(([name, value]) => el('div', {}, el('dt', {}, name), el('dd', {}, [value].flat().join(', '))));
  return el('section', {}, el('h2', {}, texts.details), el('dl', {}, ...rows));
}
