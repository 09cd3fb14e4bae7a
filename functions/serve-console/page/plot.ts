import type { LeadState } from '#shared/lead/lead.ts';
import type { ApiDayCount } from '#shared/operator-api.ts';
import { el, svg } from './dom.ts';
import type { Texts } from './texts.ts';

/** From the ground up. */
export const shownStates: LeadState[] = ['done', 'open', 'attention', 'spam'];

const height = 160;
const step = 40;
const bar = 28;
const margin = { top: 18, bottom: 20 };

/** A bar for each day, stacked by state, with its number on top. */
export function plotOf(days: ApiDayCount[], texts: Texts): HTMLElement {
  const most = Math.max(1, ...days.map(totalOf));
  const scale = height / most;
  const width = days.length * step;
  const size = `0 0 ${width} ${height + margin.top + margin.bottom}`;
  const drawing = svg('svg', { viewBox: size, role: 'img', 'aria-label': texts.perDay, class: 'plot' });
  drawing.append(...days.map((day, index) => column(day, index * step, scale, texts)));
  const legend = shownStates.map((state) =>
    el('span', {}, el('i', { class: 'swatch', 'data-state': state }), texts.states[state]),
  );
  return el('figure', {}, el('div', { class: 'scroll' }, drawing), el('figcaption', { class: 'small' }, ...legend));
}

function totalOf(day: ApiDayCount): number {
  return shownStates.reduce((sum, state) => sum + day[state], 0);
}

function column(day: ApiDayCount, x: number, scale: number, texts: Texts): SVGElement {
  const left = x + (step - bar) / 2;
  const middle = x + step / 2;
  let y = margin.top + height;
  const parts = shownStates.map((state) => {
    y -= day[state] * scale;
    const title = svg('title', {}, `${day.day}, ${texts.states[state]}: ${day[state]}`);
    return svg('rect', { x: left, y, width: bar, height: day[state] * scale, 'data-state': state }, title);
  });
  const ground = margin.top + height;
  return svg(
    'g',
    {},
    ...parts,
    svg('line', { x1: x, x2: x + step, y1: ground, y2: ground }),
    svg('text', { x: middle, y: y - 4 }, String(totalOf(day))),
    svg('text', { x: middle, y: ground + 14, class: 'day' }, day.day.slice(8)),
  );
}
