import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createUnfinishedStore } from '#shared/stats/unfinished.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import { leaseMs } from '#shared/store/pulls.ts';
import type { Table } from '#shared/store/table.ts';
import { makeLead } from '../../support/leads.ts';
import { listen } from '../../support/listen.ts';
import { readByDuckdb, sumsOf } from './duckdb-export.ts';
import { runOracle } from './run-oracle.ts';
import { createPuller, readExport } from './set-up.ts';
import { createWorld, type WorldCall } from './world.ts';

const day = 86_400_000;
const accounts = ['keeper', 'touch', 'pozvonim'];

describe('calls pulled for days through every kind of trouble', () => {
  let run: Awaited<ReturnType<typeof runOracle>>;
  beforeAll(async () => {
    // In the middle of it clocks are set back in New York.
    run = await runOracle({ seed: 25, from: '2026-10-28', days: 9, perDay: 60 });
  });

  test('are each in the export once, as they ended', () => {
    expect(run.exported).toEqual(run.expected);
    expect(run.exported).toHaveLength(540);
    expect(Math.min(...Object.values(run.trouble)), JSON.stringify(run.trouble)).toBeGreaterThan(0);
  });

  test("and so are the leads of Calltouch's journal", () => {
    expect(run.leads.exported).toEqual(run.leads.expected);
    expect(run.leads.exported).toHaveLength(108);
  });

  test("add up to the oracle's sums per provider and day, where another engine reads the Parquet files; the formats agree", async () => {
    const { sums, rows, disagreeing } = await readByDuckdb(run.objects);
    expect(sums).toEqual(sumsOf(run.expected));
    expect([rows, disagreeing]).toEqual([540, 0]);
  });
}, 60_000);

test('calls of the night in which an hour is left out are each in the export once', async () => {
  const { exported, expected } = await runOracle({ seed: 8, from: '2026-03-06', days: 4, perDay: 90 });
  expect(exported).toEqual(expected);
  expect(exported).toHaveLength(360);
}, 60_000);

describe('a pull', () => {
  const world = createWorld({ seed: 3, from: '2026-03-01', days: 6, perDay: 90 });
  let host: Awaited<ReturnType<typeof listen>>;
  const clock = () => world.now;
  const boot = (stores: { table?: Table; objects?: ObjectStore } = {}) =>
    createPuller({ origin: host.origin, clock, formats: ['ndjson'], ...stores });
  const window = { from: '2026-03-01', to: '2026-03-06' };

  beforeAll(async () => {
    host = await listen(world.server);
    world.now = Date.parse('2026-03-06T23:00:00Z');
  });
  afterAll(() => host.close());

  test('goes on in a next invocation where the time of one does not suffice', async () => {
    const puller = boot();
    let invocations = 0;
    const remaining = () => {
      invocations++;
      // Enough to begin with, and too little for a second day.
      return invocations % 2 === 1 ? 50_000 : 40_000;
    };
    const [pull] = await puller.pull('slow', ['keeper'], window, remaining);
    expect(pull).toMatchObject({ state: 'done', next: '2026-03-07' });
    const expected = world.calls.filter(
      ({ provider, startedAt }) => provider === 'callkeeper' && startedAt <= world.now,
    );
    expect(await readExport(puller.objects)).toHaveLength(expected.length);
  });

  test('goes on within a day that is too long for one invocation, asking for no page twice', async () => {
    world.pageSize = 5;
    const pagesOf = async (remaining: () => number) => {
      const before = world.requests.length;
      const fresh = boot();
      const pulls = await fresh.pull('long', accounts, window, remaining);
      expect(pulls.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
      const pages = world.requests.slice(before).filter(({ path }) => path.includes('calls-diary'));
      return { exported: await readExport(fresh.objects), pages: pages.length, objects: fresh.objects };
    };
    const whole = await pagesOf(() => 900_000);
    // So little is left at all times that each invocation takes one page.
    const cut = await pagesOf(() => 40_000);
    world.pageSize = 1000;
    expect(cut.exported).toEqual(whole.exported);
    // The last page of a day is followed by a look whether there is one more.
    expect(cut.pages - whole.pages).toBeLessThanOrEqual(14);
    expect(whole.pages).toBeGreaterThan(40);
    const left = (await cut.objects.list('')).filter(({ key }) => key.includes('unfinished'));
    expect(left).toEqual([]);
  });

  test('begins a day anew that another pull has left unfinished or has written since, or whose parts an erasing has removed', async () => {
    const objects = createMemoryObjects();
    const store = createUnfinishedStore({ objects, newNonce: () => 'nonce-of-one-part' });
    const partition = { provider: 'callkeeper', account: 'keeper', date: '2026-03-01' };
    async function* parts() {
      yield 'one';
      yield 'two';
    }
    await store.keep('calls', partition, 'this pull', { place: 'page 3', parts });
    const taken = await store.take('calls', partition, 'this pull');
    expect([taken?.place, await collect(taken?.parts())]).toEqual(['page 3', ['one', 'two']]);
    expect(await store.take('calls', partition, 'another pull')).toBeUndefined();
    expect(await objects.list('')).toEqual([]);
    await store.keep('calls', partition, 'this pull', { place: 'page 3', parts });
    await store.remove('calls', partition);
    expect(await store.take('calls', partition, 'this pull')).toBeUndefined();
    await store.keep('calls', partition, 'this pull', { place: 'page 3', parts });
    const key = 'manifests/calls/provider=callkeeper/account=keeper/date=2026-03-01.json';
    const manifest = { dataSet: 'calls', ...partition, listing: '', content: 'new', records: 0, files: [] };
    await objects.put(key, JSON.stringify(manifest), 'application/json');
    expect(await store.take('calls', partition, 'this pull')).toBeUndefined();
  });

  test('that has failed says why, and spoils nothing of the other accounts or of what was there', async () => {
    const puller = boot();
    await puller.pull('first', accounts, window);
    const before = await readExport(puller.objects);
    world.faults = (provider) => (provider === 'calltouch' ? 'error' : undefined);
    const pulls = await puller.pull('second', accounts, window);
    world.faults = () => undefined;
    expect(pulls.map(({ account, state }) => [account, state])).toEqual(
      expect.arrayContaining([
        ['keeper', 'done'],
        ['pozvonim', 'done'],
        ['touch', 'failed'],
      ]),
    );
    expect(pulls.find(({ account }) => account === 'touch')?.reason).toMatch(/.+/);
    expect(await readExport(puller.objects)).toEqual(before);
  });

  test('writes nothing where nothing has changed', async () => {
    const puller = boot();
    await puller.pull('first', accounts, window);
    const pulls = await puller.pull('second', accounts, window);
    expect(pulls.map(({ written }) => written)).toEqual([0, 0, 0]);
  });

  const callOn = (date: string) => {
    const found = world.calls.find(
      ({ provider, startedAt, odd }) =>
        provider === 'callkeeper' && odd === undefined && new Date(startedAt).toISOString().startsWith(date),
    );
    if (found === undefined) throw new Error(`no call on ${date}`);
    return found;
  };
  /** A lead that was let through to the phone of this call, five seconds before it. */
  const letThrough = async (
    { leads, phones }: ReturnType<typeof boot>,
    id: string,
    { phone, startedAt }: WorldCall,
  ) => {
    const createdAt = startedAt - 5_000;
    const delivery = { account: 'keeper', state: 'PLACED', attempts: 1, updatedAt: createdAt } as const;
    await leads.create(
      makeLead({ id, createdAt, phone: `+${phone}`, deliveries: [{ ...delivery, route: ['keeper'] }] }),
    );
    await phones.admit(`+${phone}`, { lead: id, form: 'callback', windowFrom: null }, { calls: 100, perHours: 24 });
  };
  const lineOf = async ({ objects }: ReturnType<typeof boot>, { id }: WorldCall) =>
    (await readExport(objects)).find(({ callId }) => callId === id);

  test('gives a call to a lead that turned up after it was exported, though the list says what it said', async () => {
    const puller = boot();
    const call = callOn('2026-03-05');
    await puller.pull('first', accounts, window);
    expect(await lineOf(puller, call)).toMatchObject({ leadId: null, leadAcceptedAt: null });
    await letThrough(puller, 'late', call);
    const pulls = await puller.pull('second', accounts, window);
    expect(pulls.map(({ account, written }) => [account, written])).toContainEqual(['keeper', 1]);
    const leadAcceptedAt = new Date(call.startedAt - 5_000).toISOString();
    expect(await lineOf(puller, call)).toMatchObject({ leadId: 'late', leadAcceptedAt });
    expect((await puller.leads.get('late'))?.calls).toMatchObject([{ callId: call.id }]);
    const again = await puller.pull('third', accounts, window);
    expect(again.map(({ written }) => written)).toEqual([0, 0, 0]);
  });

  test('writes a format that was added to the days that it takes, and forgets no lead of theirs', async () => {
    const table = createMemoryTable();
    const objects = createMemoryObjects();
    const before = boot({ table, objects });
    const call = callOn('2026-03-01');
    await letThrough(before, 'of long ago', call);
    await before.pull('first', ['keeper'], window);
    // What the table knew of a call is gone after ninety days, the export has it.
    for (const key of table.rows.keys()) if (key.startsWith('call#')) table.rows.delete(key);
    for (const key of table.rows.keys()) if (key.startsWith('phone#')) table.rows.delete(key);
    const puller = createPuller({ origin: host.origin, clock, formats: ['ndjson', 'csv'], table, objects });
    const exported = await readExport(objects);
    const files = () => [...objects.objects.keys()].filter((key) => key.endsWith('.csv'));
    expect(files()).toEqual([]);
    const [pull] = await puller.pull('second', ['keeper'], window);
    expect(pull?.written).toBe(6);
    expect(files()).toHaveLength(6);
    expect(await readExport(objects)).toEqual(exported);
    expect(await lineOf(puller, call)).toMatchObject({ leadId: 'of long ago' });
    const [again] = await puller.pull('third', ['keeper'], window);
    expect(again?.written).toBe(0);
  });

  test('keeps the lead of a call of long ago that now says something else, though the table has forgotten it', async () => {
    const table = createMemoryTable();
    const puller = boot({ table });
    const call = callOn('2026-03-02');
    await letThrough(puller, 'of long ago', call);
    await puller.pull('first', ['keeper'], window);
    const before = await lineOf(puller, call);
    expect(before).toMatchObject({ leadId: 'of long ago', leadAcceptedAt: expect.any(String) });
    for (const key of table.rows.keys()) if (/^(call|phone|lead)#/.test(key)) table.rows.delete(key);
    const { talkSeconds } = call;
    Object.assign(call, { talkSeconds: 299 });
    world.now += 30 * day;
    const [pull] = await puller.pull('second', ['keeper'], { from: '2026-03-02', to: '2026-03-02' });
    Object.assign(call, { talkSeconds });
    world.now -= 30 * day;
    expect(pull).toMatchObject({ state: 'done', written: 1 });
    const { leadId, leadAcceptedAt, raw } = (await lineOf(puller, call)) ?? {};
    expect({ leadId, leadAcceptedAt }).toEqual({
      leadId: before?.['leadId'],
      leadAcceptedAt: before?.['leadAcceptedAt'],
    });
    expect(raw).not.toBe(before?.['raw']);
  });

  test('leaves a day of long ago as it was when the list has lost a call and has another one', async () => {
    const puller = boot();
    await puller.pull('first', ['keeper'], window);
    const before = await readExport(puller.objects);
    const call = callOn('2026-03-02');
    const { id } = call;
    Object.assign(call, { id: '777' });
    world.now += 30 * day;
    const [pull] = await puller.pull('second', ['keeper'], { from: '2026-03-02', to: '2026-03-02' });
    Object.assign(call, { id });
    world.now -= 30 * day;
    expect(pull).toMatchObject({ state: 'done', kept: ['2026-03-02'] });
    expect(await readExport(puller.objects)).toEqual(before);
  });

  describe('of a call that has moved', () => {
    const move = async (from: string, to: string, days: { from: string; to: string }, lookback = 0) => {
      const objects = createMemoryObjects();
      const call = callOn(from);
      const linesOf = async () => (await readExport(objects)).filter(({ callId }) => callId === call.id);
      let mostSeen = 0;
      const watched: ObjectStore = {
        ...objects,
        async put(...put) {
          await objects.put(...put);
          mostSeen = Math.max(mostSeen, (await linesOf()).length);
        },
      };
      const puller = boot({ objects: watched });
      await puller.pull('first', ['keeper'], window);
      const exported = (await readExport(objects)).length;
      const { startedAt } = call;
      call.startedAt += Date.parse(to) - Date.parse(from);
      world.now += lookback * day;
      const [pull] = await puller.pull('second', ['keeper'], days);
      call.startedAt = startedAt;
      world.now -= lookback * day;
      expect(pull?.state).toBe('done');
      const later = world.calls.filter((one) => one.provider === 'callkeeper' && one.startedAt > world.now);
      expect((await readExport(objects)).length).toBe(exported + (lookback > 0 ? later.length : 0));
      expect(mostSeen).toBe(1);
      return (await linesOf()).map((line) => String(line['startedAt']).slice(0, 10));
    };

    test.each([
      ['out of a settled day', '2026-03-02', '2026-03-03', { from: '2026-03-03', to: '2026-03-06' }],
      [
        'into one that the pull takes, of one after it',
        '2026-03-05',
        '2026-03-04',
        { from: '2026-03-04', to: '2026-03-04' },
      ],
      ['between two that it takes', '2026-03-05', '2026-03-04', { from: '2026-03-03', to: '2026-03-06' }],
    ])('%s the export holds one', async (_where, from, to, days) => {
      expect(await move(from, to, days)).toEqual([to]);
    });

    test('between two settled days the export holds one', async () => {
      expect(await move('2026-03-02', '2026-03-03', window, 30)).toEqual(['2026-03-03']);
    });
  });

  test('leaves a day of long ago as it was when the provider has forgotten calls of it', async () => {
    const puller = boot();
    await puller.pull('first', ['keeper'], window);
    const before = await readExport(puller.objects);
    const { calls, now } = world;
    world.calls = calls.filter(({ startedAt }) => startedAt >= Date.parse('2026-03-02T12:00:00Z'));
    world.now += 30 * day;
    const [pull] = await puller.pull('second', ['keeper'], window);
    Object.assign(world, { calls, now });
    expect(pull?.kept).toEqual(['2026-03-01', '2026-03-02']);
    const ofThen = (lines: Record<string, unknown>[]) =>
      lines.filter(({ startedAt }) => String(startedAt) < '2026-03-03');
    expect(ofThen(await readExport(puller.objects))).toEqual(ofThen(before));
    expect(ofThen(before).length).toBeGreaterThan(10);
  });

  test('takes over from one that was cut off, once its lease has run out', async () => {
    const table = createMemoryTable();
    const objects = createMemoryObjects();
    const cut = boot({ table, objects });
    expect(await cut.pulls.lease('keeper', 'a process that is no more')).toBe(true);
    const puller = boot({ table, objects });
    const { now } = world;
    let waited = 0;
    const remaining = () => 900_000;
    const next = puller.portsOf('keeper');
    await puller.pulls.start('next', { account: 'keeper', ...window });
    const { pullStats } = await import('../../../functions/pull-stats/pull-stats.ts');
    for (let tries = 0; tries < 100 && (await puller.pulls.get('next', 'keeper'))?.state === 'running'; tries++) {
      await pullStats({ id: 'next', account: 'keeper' }, remaining, next);
      world.now += 2_000;
      waited += 2_000;
    }
    world.now = now;
    expect(waited).toBeGreaterThan(leaseMs);
    expect(waited).toBeLessThan(leaseMs + 10_000);
    expect((await readExport(objects)).length).toBeGreaterThan(0);
  });

  test('costs as much on day 400 as on day 8, the first whose window is full', async () => {
    const long = createWorld({ seed: 5, from: '2026-01-01', days: 1, perDay: 0 });
    const server = await listen(long.server);
    const table = createMemoryTable();
    const objects = createMemoryObjects();
    const none = { reads: 0, writes: 0, lists: 0, bytes: 0 };
    const counted = { ...none };
    const countingTable: Table = {
      ...table,
      async get(pk) {
        counted.reads++;
        return table.get(pk);
      },
      async glance(pk) {
        counted.reads++;
        return table.glance(pk);
      },
      async getMany(pks) {
        counted.reads += pks.length;
        return table.getMany(pks);
      },
      async put(row) {
        counted.writes++;
        return table.put(row);
      },
    };
    const countingObjects: ObjectStore = {
      ...objects,
      async put(key, body, type) {
        counted.writes++;
        counted.bytes += body.length;
        return objects.put(key, body, type);
      },
      async get(key, range) {
        const body = await objects.get(key, range);
        counted.reads++;
        counted.bytes += body?.length ?? 0;
        return body;
      },
      async list(prefix, after) {
        counted.lists++;
        return objects.list(prefix, after);
      },
      async remove(keys) {
        counted.writes++;
        return objects.remove(keys);
      },
    };
    const puller = createPuller({
      origin: server.origin,
      clock: () => long.now,
      formats: ['ndjson'],
      table: countingTable,
      objects: countingObjects,
    });
    // The same calls each day, so that only what lies in between can make a difference.
    const { calls: made, leads: madeLeads } = createWorld({ seed: 5, from: '2026-01-01', days: 1, perDay: 300 });
    const callsOf = (index: number) =>
      made.map((call) => ({
        ...call,
        id: `${1000 + index}${call.id.slice(-8)}`,
        startedAt: call.startedAt + index * day,
        settledAt: call.startedAt + index * day,
      }));
    const leadsOf = (index: number) =>
      madeLeads.map((lead) => ({
        ...lead,
        id: `${2000 + index}${lead.id.slice(-8)}`,
        createdAt: lead.createdAt + index * day,
        settledAt: lead.createdAt + index * day,
      }));
    const pullDay = async (index: number) => {
      const days = [index - 4, index - 3, index - 2, index - 1, index].filter((past) => past >= 0);
      Object.assign(long, { calls: days.flatMap(callsOf), leads: days.flatMap(leadsOf) });
      long.now = Date.parse('2026-01-01') + (index + 1) * day - 1000;
      Object.assign(counted, none);
      const before = long.requests.length;
      const pulls = await puller.pull('schedule', accounts);
      expect(pulls.map(({ state, reason }) => [state, reason])).toEqual(accounts.map(() => ['done', null]));
      const asked = long.requests.slice(before);
      return { ...counted, requests: asked.length, answered: asked.reduce((sum, { bytes }) => sum + bytes, 0) };
    };
    for (let index = 0; index < 7; index++) await pullDay(index);
    const first = await pullDay(7);
    const history = [
      ['calls', 'callkeeper', 'keeper'],
      ['calls', 'calltouch', 'touch'],
      ['leads', 'calltouch', 'touch'],
      ['calls', 'pozvonim', 'pozvonim'],
    ] as const;
    for (let index = 8; index < 395; index++) {
      const date = new Date(Date.parse('2026-01-01') + index * day).toISOString().slice(0, 10);
      for (const [dataSet, provider, account] of history) {
        const path = `provider=${provider}/account=${account}/date=${date}`;
        const manifest = { dataSet, provider, account, date, listing: 'of then', records: 0, files: [] };
        await objects.put(`manifests/${dataSet}/${path}.json`, JSON.stringify(manifest), 'application/json');
        await objects.put(`${dataSet}/${path}/000000000000-0000.ndjson`, '', 'application/x-ndjson');
      }
    }
    for (const account of accounts) await puller.pulls.advance(account, '2027-01-29');
    for (let index = 395; index < 399; index++) await pullDay(index);
    const last = await pullDay(399);
    await server.close();
    expect(Object.values(first).every((count) => count > 0)).toBe(true);
    for (const name of ['requests', 'answered', 'reads', 'writes', 'lists', 'bytes'] as const) {
      expect(Math.abs(last[name] - first[name]) / first[name], `${name}: ${first[name]}, ${last[name]}`).toBeLessThan(
        0.05,
      );
    }
  });
});

async function collect<Item>(items: AsyncIterable<Item> | undefined): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items ?? []) all.push(item);
  return all;
}
