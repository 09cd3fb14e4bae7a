import type { ApiDayCount } from '#shared/operator-api.ts';
import type { Context } from './context.ts';
import { el } from './dom.ts';
import { plotOf, shownStates } from './plot.ts';

const dayMs = 24 * 60 * 60_000;
const ranges = [7, 14, 30];
/** Of a thousand leads each. */
const maxPages = 30;

export async function daysView(context: Context): Promise<Node[]> {
  const { texts, attempt } = context;
  const place = el('div', {});
  const show = async (range: number) => {
    const { days, isWhole } = await readDays(range, context);
    place.replaceChildren(plotOf(days, texts), ...(isWhole ? [] : [el('p', {}, texts.partly)]), table(days, context));
  };
  const choice: HTMLSelectElement = el(
    'select',
    { 'aria-label': texts.perDay, onchange: () => attempt(() => show(Number(choice.value))) },
    ...ranges.map((range) => el('option', { value: range, selected: range === 14 }, texts.lastDays(range))),
  );
  await show(14);
  return [
    el('h1', { tabindex: -1 }, texts.perDay),
    el('p', {}, choice, ' ', el('span', { class: 'small' }, texts.utcDays)),
    place,
  ];
}

/** Every day of the range, oldest first, those without leads as well. */
async function readDays(range: number, { api }: Context): Promise<{ days: ApiDayCount[]; isWhole: boolean }> {
  const today = Math.floor(Date.now() / dayMs) * dayMs;
  const names = Array.from({ length: range }, (_, index) => toDay(today - (range - 1 - index) * dayMs));
  const days = new Map(names.map((day) => [day, { day, open: 0, done: 0, attention: 0, spam: 0 }]));
  let cursor: string | null = null;
  for (let read = 0; read < maxPages; read++) {
    const page = await api.counts({ from: names[0], ...(cursor === null ? {} : { cursor }) });
    for (const count of page.days) {
      const sum = days.get(count.day);
      for (const state of shownStates) if (sum !== undefined) sum[state] += count[state];
    }
    cursor = page.cursor;
    if (cursor === null) break;
  }
  return { days: [...days.values()], isWhole: cursor === null };
}

function toDay(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

function table(days: ApiDayCount[], { texts }: Context): Node {
  const heads = [texts.day, ...shownStates.map((state) => texts.states[state]), texts.total];
  const rows = days.toReversed().map((day) => {
    const counts = shownStates.map((state) => day[state]);
    const total = counts.reduce((sum, count) => sum + count);
    return el(
      'tr',
      {},
      el('th', { scope: 'row' }, day.day),
      ...[...counts, total].map((count) => el('td', {}, String(count))),
    );
  });
  return el(
    'table',
    {},
    el('thead', {}, el('tr', {}, ...heads.map((head) => el('th', { scope: 'col' }, head)))),
    el('tbody', {}, ...rows),
  );
}
