import type { ApiLead } from '#shared/operator-api.ts';
import type { Query } from './api.ts';
import type { Context } from './context.ts';
import { button, el } from './dom.ts';
import { saveFile } from './export-file.ts';
import { filterForm } from './filter-form.ts';
import { leadCard } from './lead-card.ts';

const pageSize = '50';
/** A rare phone may be many pages away: so many are read before the person is asked whether to go on. */
const maxEmptyPages = 20;

/** What a person looked for, kept while the page is open: a phone must not get into the browser's history. */
let filter: Query = {};

/** All that needs a person: the first thing to see. */
export async function attentionView(context: Context): Promise<Node[]> {
  const { texts } = context;
  return [
    el('h1', { tabindex: -1 }, texts.attention),
    await leadList({ state: 'attention' }, texts.nothingToDo, context),
  ];
}

export async function leadsView(context: Context): Promise<Node[]> {
  const { texts, api, attempt } = context;
  const { forms } = await api.accounts();
  const place = el('div', {});
  const search = async (next: Query) => {
    filter = next;
    place.replaceChildren(await leadList(filter, texts.noLeads, context));
  };
  const save = (format: 'csv' | 'ndjson') => () => attempt(() => saveFile(api, format, filter));
  await search(filter);
  return [
    el('h1', { tabindex: -1 }, texts.leads),
    filterForm(filter, forms, context, (next) => attempt(() => search(next))),
    el('p', { class: 'buttons' }, button(texts.exportCsv, save('csv')), button(texts.exportNdjson, save('ndjson'))),
    place,
  ];
}

/** A page of leads with a button for the next one. */
async function leadList(query: Query, emptyText: string, context: Context): Promise<Node> {
  const { texts, attempt } = context;
  const list = el('ul', { class: 'leads' });
  const item = (lead: ApiLead) => {
    const row = el('li', {});
    row.append(leadCard(lead, context, { whole: false, onErased: () => row.remove() }));
    return row;
  };
  const note = el('p', { class: 'empty', hidden: true });
  const more = button(texts.more, () => attempt(() => load()));
  let cursor: string | null = null;
  const load = async () => {
    const page = await readPage({ ...query, ...(cursor === null ? {} : { cursor }) }, context);
    cursor = page.cursor;
    const rows = page.leads.map(item);
    const hadRows = list.children.length > 0;
    list.append(...rows);
    more.hidden = cursor === null;
    note.hidden = list.children.length > 0;
    note.textContent = cursor === null ? emptyText : texts.noLeadsYet;
    if (hadRows) rows[0]?.querySelector('a')?.focus();
  };
  await load();
  return el('div', {}, list, note, el('p', {}, more));
}

/** Pages may come back empty although more follows. */
async function readPage(query: Query, { api }: Context) {
  let page = await api.leads({ limit: pageSize, ...query });
  for (let read = 0; page.leads.length === 0 && page.cursor !== null && read < maxEmptyPages; read++) {
    page = await api.leads({ limit: pageSize, ...query, cursor: page.cursor });
  }
  return page;
}
