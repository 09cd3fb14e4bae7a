import type { Query } from './api.ts';
import type { Context } from './context.ts';
import { el } from './dom.ts';

/** The search over the list: `onSearch` gets the API's query. An id leads to its lead. */
export function filterForm(
  { state, form, phone, from, to }: Query,
  forms: string[],
  { texts }: Context,
  onSearch: (query: Query) => void,
): HTMLFormElement {
  const field = (label: string, input: HTMLElement) => el('label', {}, label, input);
  const select = (name: string, chosen: string | undefined, any: string, options: [string, string][]) =>
    el(
      'select',
      { name },
      ...[['', any] as const, ...options].map(([value, label]) =>
        el('option', { value, selected: value === (chosen ?? '') }, label),
      ),
    );
  const search = el('input', { name: 'search', type: 'search', value: phone ?? '', autocomplete: 'off' });
  const element = el(
    'form',
    { class: 'filters', role: 'search' },
    field(texts.phoneOrId, search),
    field(texts.state, select('state', state, texts.anyState, Object.entries(texts.states))),
    field(
      texts.form,
      select(
        'form',
        form,
        texts.anyForm,
        forms.map((name) => [name, name]),
      ),
    ),
    field(texts.from, el('input', { name: 'from', type: 'date', value: toDay(from) })),
    field(texts.to, el('input', { name: 'to', type: 'date', value: toDay(to, -1) })),
    el('button', { class: 'main' }, texts.search),
  );
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    const given = Object.fromEntries([...new FormData(element)].map(([name, value]) => [name, String(value).trim()]));
    const { search: sought = '', from: fromDay = '', to: toDay = '', ...rest } = given;
    if (/^[0-9a-f]{32}$/.test(sought)) {
      location.hash = `#/lead/${sought}`;
      return;
    }
    onSearch({ ...rest, phone: sought, from: toInstant(fromDay), to: toInstant(toDay, 1) });
  });
  return element;
}

/** The start of a day of the person's own time zone, this many days on. */
function toInstant(day: string, daysOn = 0): string | undefined {
  if (day === '') return undefined;
  const date = new Date(`${day}T00:00`);
  date.setDate(date.getDate() + daysOn);
  return date.toISOString();
}

function toDay(instant: string | undefined, daysOn = 0): string {
  if (instant === undefined) return '';
  const date = new Date(instant);
  date.setDate(date.getDate() + daysOn);
  const parts = [date.getFullYear(), date.getMonth() + 1, date.getDate()];
  return parts.map((part) => String(part).padStart(2, '0')).join('-');
}
