import { expect, test } from 'vitest';
import type { Lead } from '#shared/lead/lead.ts';
import type { ApiLead, ApiLeadList } from '#shared/operator-api.ts';
import { sortKey } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { operateLeads, routes } from '../../../functions/operate-leads/operate-leads.ts';
import { describeOnBothTables } from '../../shared/store/tables.ts';
import { makeLead } from '../../support/leads.ts';
import { createOperator } from '../../support/operator.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const noon = Date.UTC(2026, 10, 22, 12);

function open(table = createMemoryTable()) {
  const operator = createOperator(table, noon);
  const get = async (path: string, query = {}, accept?: string) => {
    const answer = await operateLeads({ route: `GET ${path}`, query, accept }, operator.ports);
    return { ...answer, headers: answer.headers ?? {}, body: answer.body ?? '' };
  };
  const list = async (query = {}) => JSON.parse((await get('/api/leads', query)).body) as ApiLeadList;
  const ids = async (query = {}) => (await list(query)).leads.map(({ id }) => id);
  return { ...operator, get, list, ids };
}

describeOnBothTables('the list of leads', (table) => {
  test('is filtered by form, state, phone and time, and paged to its end', async () => {
    const { leads, ids, list } = open(table() as ReturnType<typeof createMemoryTable>);
    const states = ['READY', 'PLACED', 'HELD'] as const;
    for (let index = 0; index < 9; index++) {
      await leads.create(
        makeLead({
          id: `list-${index}`,
          form: index % 2 === 0 ? 'callback' : 'order',
          phone: `+7916111220${index}`,
          createdAt: noon - index * minute,
          deliveries: [{ state: states[index % 3] ?? 'READY', wakeAt: null }],
        }),
      );
    }
    expect(await ids({ form: 'order' })).toEqual(['list-1', 'list-3', 'list-5', 'list-7']);
    expect(await ids({ state: 'attention' })).toEqual(['list-2', 'list-5', 'list-8']);
    expect(await ids({ state: 'done', form: 'order' })).toEqual(['list-1', 'list-7']);
    const from = new Date(noon - 3 * minute).toISOString();
    const to = new Date(noon - minute).toISOString();
    expect(await ids({ from, to })).toEqual(['list-2', 'list-3']);
    for (const phone of ['89161112204', '+7 (916) 111-22-04', '2204']) expect(await ids({ phone })).toEqual(['list-4']);
    expect(await ids({ phone: '9161112299' })).toEqual([]);

    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page: ApiLeadList = await list({ limit: '4', ...(cursor === null ? {} : { cursor }) });
      seen.push(...page.leads.map(({ id }) => id));
      cursor = page.cursor;
    } while (cursor !== null);
    expect(seen).toEqual(Array.from({ length: 9 }, (_, index) => `list-${index}`));
  });
});

test('a lead that an index names twice, where a kill has left it and where it stands, is listed once', async () => {
  const table = createMemoryTable();
  const { leads, list } = open(table);
  const { query } = table;
  const left = { pk: 'lead#twice', sort: sortKey(noon - minute, 'twice') };
  table.query = async (asked) => {
    const keys = [...(await query(asked)), left].filter(({ sort }) => sort < (asked.before ?? '~'));
    return keys.slice(0, asked.limit);
  };
  await leads.create(makeLead({ id: 'twice', createdAt: noon }));
  const first = await list({ limit: '1', form: 'callback' });
  const second = await list({ limit: '1', form: 'callback', cursor: first.cursor ?? '' });
  expect([first, second].map((page) => page.leads.map(({ id }) => id))).toEqual([['twice'], []]);
});

test('the leads of a form that was taken out of the config are still in the list, the counts and the search', async () => {
  const { leads, knownForms, ids, get } = open();
  await knownForms.remember(['callback', 'old-landing', 'order']);
  await leads.create(makeLead({ id: 'new', form: 'order', createdAt: noon }));
  await leads.create(makeLead({ id: 'old', form: 'old-landing', phone: '+79165550101', createdAt: noon - minute }));
  expect(await ids()).toEqual(['new', 'old']);
  expect(await ids({ state: 'open', phone: '5550101' })).toEqual(['old']);
  expect(JSON.parse((await get('/api/counts')).body).days).toMatchObject([{ open: 2 }]);
  expect(JSON.parse((await get('/api/accounts')).body).forms).toEqual(['callback', 'old-landing', 'order']);
});

test.each(['x'.repeat(3_000), '', 'a b', '../x', 'ё', '\0'])(
  '%j is the id of no lead, whatever is to be done',
  async (id) => {
    const { ports } = open(createMemoryTable());
    for (const route of Object.keys(routes).filter((name) => name.includes('{id}'))) {
      await expect(operateLeads({ route, path: { id } }, ports), route).rejects.toMatchObject({ status: 404 });
    }
  },
);

test.each([
  ['phone', '12'],
  ['from', 'yesterday'],
  ['limit', '5000'],
  ['state', 'odd'],
  ['cursor', 'nonsense'],
  ['format', 'xlsx'],
])('a wrong %s is refused by name', async (field, value) => {
  await expect(open().list({ [field]: value })).rejects.toMatchObject({ status: 400, fields: [{ field }] });
});

test('a rare phone is found beyond what one request reads, by going on with the cursor', async () => {
  const { leads, list } = open();
  for (let index = 0; index <= 1_500; index++) {
    const phone = index === 1_500 ? '+79165550101' : '+79161112233';
    await leads.create(makeLead({ id: `lead-${index}`, createdAt: noon - index, phone }));
  }
  const first = await list({ phone: '5550101' });
  expect(first).toEqual({ leads: [], cursor: expect.any(String) });
  expect((await list({ phone: '5550101', cursor: first.cursor })).leads).toMatchObject([{ id: 'lead-1500' }]);
});

test('a page of large leads ends before it is larger than a Lambda may answer, and goes on with the next lead', async () => {
  const { leads, list } = open();
  const comment = 'я'.repeat(32_000);
  for (let index = 0; index < 100; index++) {
    await leads.create(makeLead({ id: `lead-${index}`, createdAt: noon - index, comment }));
  }
  const page = await list({ limit: '100' });
  expect(Buffer.byteLength(JSON.stringify(page))).toBeLessThan(5_000_000);
  expect(page.leads.length).toBeGreaterThan(50);
  const [next] = (await list({ limit: '1', cursor: page.cursor })).leads;
  expect(next?.id).toBe(`lead-${page.leads.length}`);
});

test('leads are counted per UTC day and state', async () => {
  const { leads, get } = open();
  const add = (id: string, createdAt: number, lead: Parameters<typeof makeLead>[0]) =>
    leads.create(makeLead({ id, createdAt, ...lead }));
  await add('a', noon, {});
  await add('b', noon, { deliveries: [{ state: 'PLACED' }] });
  await add('c', noon, { deliveries: [{ state: 'PLACED' }], form: 'order' });
  await add('d', noon - day, { spam: 'honeypot' });
  await add('e', noon - 2 * day, { deliveries: [{ state: 'HELD' }] });
  const counts = async (query: object) => JSON.parse((await get('/api/counts', query)).body);
  const none = { open: 0, done: 0, attention: 0, spam: 0 };
  expect(await counts({ from: '2026-11-21' })).toEqual({
    days: [
      { ...none, day: '2026-11-22', open: 1, done: 2 },
      { ...none, day: '2026-11-21', spam: 1 },
    ],
    cursor: null,
  });
  expect(await counts({ form: 'order' })).toEqual({ days: [{ ...none, day: '2026-11-22', done: 1 }], cursor: null });
});

test('accounts come with the forms that use them, why leads are kept away, what they have left, and no key', async () => {
  const { ports, funds, get } = open();
  await ports.breakers.open('spare', 'the widget is disabled');
  await funds.keep('main', { minutesLeft: 12.5, paidTill: noon + 3 * day });
  const { body } = await get('/api/accounts');
  const forms = ['callback', 'order'];
  const paidTill = '2026-11-25T12:00:00.000Z';
  const unpaced = { tracks: [], pace: null };
  expect(JSON.parse(body)).toEqual({
    accounts: [
      {
        ...unpaced,
        id: 'main',
        provider: 'callkeeper',
        calls: forms,
        breaker: null,
        funds: { minutesLeft: 12.5, paidTill, readAt: '2026-11-22T12:00:00.000Z' },
      },
      {
        ...unpaced,
        id: 'spare',
        provider: 'callkeeper',
        calls: forms,
        funds: null,
        breaker: {
          reason: 'the widget is disabled',
          openedAt: '2026-11-22T12:00:00.000Z',
          probeAt: '2026-11-22T12:05:00.000Z',
        },
      },
      {
        id: 'ads',
        provider: 'calltouch',
        calls: [],
        tracks: forms,
        breaker: null,
        funds: null,
        pace: { perSecond: 5, waitSeconds: 0, points: { left: 100, perDay: 100 } },
      },
    ],
    forms,
    egress: { kind: 'none', address: null },
  });
});

test('an account that is paced says what is used up, and to look uses up nothing', async () => {
  const table = createMemoryTable();
  const { ports, get } = open(table);
  const pace = createPaceStore({ table, clock: ports.clock, newNonce: () => 'nonce' });
  await pace.reserve('calltouch', 25, 5);
  await pace.takePoints('calltouch-1', 30, 100);
  const paceOf = async () => JSON.parse((await get('/api/accounts')).body).accounts[2].pace;
  const expected = { perSecond: 5, waitSeconds: 6, points: { left: 70, perDay: 100 } };
  expect([await paceOf(), await paceOf()]).toEqual([expected, expected]);
});

const hostile: Partial<Lead> = {
  name: '=cmd()',
  comment: '@x "quoted", and\r\na line',
  email: '\t=1+1',
  subject: '-2+3',
  fields: { size: '+1+1' },
};

test('as CSV a spreadsheet runs nothing, and phones read back the same', async () => {
  const { leads, get } = open();
  const calls = [{ callId: '1', status: '200/200', answered: true, talkSeconds: 43, startedAt: noon, recordUrl: null }];
  await leads.create(
    makeLead({ ...hostile, id: 'lead-1', createdAt: noon, calls, attribution: { utm_source: '\r=x' } }),
  );
  const { headers, body } = await get('/api/leads', { format: 'csv' });
  expect(headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringContaining('leads.csv'),
  });
  const [heads = [], cells = [], ...rest] = parseCsv(body.replace(/^\ufeff/, ''));
  expect(rest).toEqual([]);
  expect(Object.fromEntries(heads.map((head, at) => [head, cells[at]]))).toMatchObject({
    id: 'lead-1',
    createdAt: '2026-11-22T12:00:00.000Z',
    phone: '+79161112233',
    name: "'=cmd()",
    comment: '\'@x "quoted", and\r\na line',
    email: "'\t'=1+1",
    subject: "'-2+3",
    utm_source: "'\r'=x",
    spam: '',
    deliveries: 'main READY',
    answered: 'true',
    talkSeconds: '43',
    fields: '{"size":"+1+1"}',
  });
});

test('an export goes on where the page before it ended, with heads on the first alone', async () => {
  const { leads, get } = open();
  for (const index of [0, 1, 2]) await leads.create(makeLead({ id: `lead-${index}`, createdAt: noon - index }));
  const first = await get('/api/leads', { limit: '2' }, 'text/csv');
  const cursor = first.headers['ringback-cursor'];
  const second = await get('/api/leads', { limit: '2', cursor }, 'text/csv');
  expect(second.headers['ringback-cursor']).toBeUndefined();
  expect([first, second].map(({ body }) => body.startsWith('\ufeff'))).toEqual([true, false]);
  expect(parseCsv(first.body + second.body).map(([id]) => id)).toEqual(['id', 'lead-0', 'lead-1', 'lead-2']);
});

test('as NDJSON each line is a lead as the API shows it', async () => {
  const { leads, get, list } = open();
  for (const index of [0, 1])
    await leads.create(makeLead({ ...hostile, id: `lead-${index}`, createdAt: noon - index }));
  const { headers, body } = await get('/api/leads', {}, 'application/x-ndjson');
  expect(headers['content-type']).toBe('application/x-ndjson');
  const lines = body.trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line) as ApiLead)).toEqual((await list()).leads);
});

/** RFC 4180, as a spreadsheet reads it. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = [[]];
  for (const [, quoted, bare = '', end] of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g)) {
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare);
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}
