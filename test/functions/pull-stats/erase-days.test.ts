import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { addDays } from '#shared/stats/day.ts';
import { createUnfinishedStore } from '#shared/stats/unfinished.ts';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import { leaseMs } from '#shared/store/pulls.ts';
import { createS3Client, createS3Objects } from '#shared/store/s3-objects.ts';
import type { Table } from '#shared/store/table.ts';
import { pullStats } from '../../../functions/pull-stats/pull-stats.ts';
import { credentials, region } from '../../../infra/local/aws.ts';
import { startBuckets } from '../../../infra/local/buckets.ts';
import { startDynalite } from '../../support/dynalite.ts';
import { makeLead } from '../../support/leads.ts';
import { listen } from '../../support/listen.ts';
import { exportedText } from './exported-text.ts';
import { mortal } from './mortal.ts';
import { createPuller, readExport } from './set-up.ts';
import { createWorld, type World, type WorldCall } from './world.ts';

const hour = 3_600_000;
const accounts = ['keeper', 'touch', 'pozvonim'];
const window = { from: '2026-03-01', to: '2026-03-04' };

let world: World;
let host: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  world = createWorld({ seed: 11, from: '2026-03-01', days: 3, perDay: 40 });
  world.now = Date.parse('2026-03-04T12:00:00Z');
  host = await listen(world.server);
  return () => host.close();
});

type Stores = { table: Table; objects: ObjectStore };

const boot = (stores: Stores) => createPuller({ origin: host.origin, clock: () => world.now, ...stores });
const memory = (): Stores => ({ table: createMemoryTable(), objects: createMemoryObjects() });

/** A lead whose phone this call rang, as the delivery that placed it left it. */
async function placeLead(puller: ReturnType<typeof boot>, id: string, call: WorldCall): Promise<string> {
  const phone = `+${call.phone}`;
  const createdAt = call.startedAt - 5_000;
  const placed = { account: 'keeper', state: 'PLACED', providerId: call.id, attempts: 1 } as const;
  await puller.leads.create(
    makeLead({
      id,
      phone,
      createdAt,
      deliveries: [{ ...placed, route: ['keeper'], updatedAt: call.startedAt }],
      name: 'Canary',
    }),
  );
  await puller.callOwners.take('callkeeper', call.id, id);
  return phone;
}

/** One visitor of all providers: a call that a lead ordered, calls of the same phone, and a lead in Calltouch's journal. */
async function settle(stores: Stores) {
  const puller = boot(stores);
  const [own, again, ...others] = world.calls
    .filter(({ provider, missing, odd }) => provider === 'callkeeper' && missing.length === 0 && odd === undefined)
    .sort((a, b) => a.startedAt - b.startedAt) as [WorldCall, WorldCall, ...WorldCall[]];
  const elsewhere = world.calls.find(({ provider, startedAt }) => provider === 'pozvonim' && startedAt > own.startedAt);
  const journalled = world.leads.find(({ createdAt }) => createdAt > own.startedAt);
  for (const record of [again, elsewhere, journalled]) if (record) record.phone = own.phone;
  const phone = await placeLead(puller, 'lead-1', own);
  await puller.pull('first', accounts, window);
  return { puller, own, again, others, elsewhere, journalled, phone, digits: own.phone };
}

const lineOf = async (objects: ObjectStore, callId: string) =>
  (await readExport(objects)).find((line) => line['callId'] === callId);

function eraseContract(stores: () => Promise<Stores> | Stores) {
  test('leaves nothing of the person in the bucket, and all that is no person’s', async () => {
    const { puller, own, again, elsewhere, journalled, digits } = await settle(await stores());
    const { objects } = puller;
    const [before, leadsBefore] = [await readExport(objects), await readExport(objects, 'leads')];
    expect(await exportedText(objects)).toContain(digits);
    expect(await lineOf(objects, own.id)).toMatchObject({ leadId: 'lead-1', phone: `+${digits}` });
    await puller.erase('lead-1');
    await puller.work();
    expect(await exportedText(objects)).not.toMatch(new RegExp(`${digits}|lead-1`));
    const gone = new Set([own.id, again.id, elsewhere?.id]);
    const erased = { leadId: null, leadAcceptedAt: null, phone: null, recordUrl: null, pageUrl: null, raw: '{}' };
    expect(await readExport(objects)).toEqual(
      before.map((line) => (gone.has(String(line['callId'])) ? { ...line, ...erased } : line)),
    );
    const ofJournal = { phone: null, name: null, requestNumber: null, raw: '{}' };
    expect(await readExport(objects, 'leads')).toEqual(
      leadsBefore.map((line) => (line['requestId'] === journalled?.id ? { ...line, ...ofJournal } : line)),
    );
  });

  test('lasts: a later pull brings news of those days, and nothing of the person', async () => {
    const { puller, own, others, digits } = await settle(await stores());
    await puller.erase('lead-1');
    await puller.work();
    const [other] = others.filter(({ startedAt }) => startedAt < Date.parse('2026-03-02')) as [WorldCall];
    Object.assign(other, { status: '200/200', talkSeconds: 1234 });
    Object.assign(own, { status: '200/200', talkSeconds: 4321 });
    const pulls = await puller.pull('second', accounts, window);
    expect(pulls.map(({ state }) => state)).toEqual(['done', 'done', 'done']);
    expect(await lineOf(puller.objects, other.id)).toMatchObject({ talkSeconds: 1234, phone: `+${other.phone}` });
    expect(await lineOf(puller.objects, own.id)).toMatchObject({ talkSeconds: 4321, phone: null, leadId: null });
    expect(await exportedText(puller.objects)).not.toMatch(new RegExp(`${digits}|lead-1`));
  });
}

describe('a lead that is erased, in memory,', () => {
  eraseContract(memory);
});

test('what was kept of a day that no pull has finished goes as well', async () => {
  const { puller, own, digits } = await settle(memory());
  const { objects } = puller;
  const date = new Date(own.startedAt).toISOString().slice(0, 10);
  const partition = { provider: 'callkeeper', account: 'keeper', date };
  await objects.remove([`manifests/calls/provider=callkeeper/account=keeper/date=${date}.json`]);
  async function* parts() {
    yield `{"phone":"+${digits}"}`;
  }
  const unfinished = createUnfinishedStore({ objects, newNonce: () => 'nonce-of-one-part' });
  await unfinished.keep('calls', partition, 'a pull that failed', { place: null, parts });
  const left = async () => (await objects.list('')).filter(({ key }) => key.includes('unfinished'));
  expect(await left()).toHaveLength(2);
  await puller.erase('lead-1');
  await puller.work();
  expect(await left()).toEqual([]);
});

describe('a lead that is erased, on S3 and DynamoDB,', () => {
  let folder: string;
  let buckets: Awaited<ReturnType<typeof startBuckets>>;
  let database: Awaited<ReturnType<typeof startDynalite>>;
  let client: S3Client;
  let bucket = 0;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-erase-'));
    [buckets, database] = await Promise.all([startBuckets(folder), startDynalite()]);
    client = createS3Client({ endpoint: buckets.origin, region, credentials });
  });
  afterAll(async () => {
    client.destroy();
    await Promise.all([buckets.stop(), database.stop()]);
    await rm(folder, { recursive: true });
  });
  eraseContract(async () => {
    const name = `stats-${++bucket}`;
    await buckets.create([name]);
    const table = createDynamoTable(database.client, database.tableName);
    const prefixed = (pk: string) => `${name} ${pk}`;
    const own: Table = {
      ...table,
      get: async (pk) => table.get(prefixed(pk)),
      getMany: async (pks) =>
        (await table.getMany(pks.map(prefixed))).map((row) => ({ ...row, pk: row.pk.slice(name.length + 1) })),
      put: async (row) => table.put({ ...row, pk: prefixed(row.pk) }),
    };
    return { table: own, objects: createS3Objects(client, name) };
  });
});

describe('what is erased of a phone', () => {
  test('is not the call of another lead that is still there, nor one of later', async () => {
    const { puller, again, phone } = await settle(memory());
    const [lastOfKeeper] = world.calls.filter(({ provider }) => provider === 'callkeeper').slice(-1) as [WorldCall];
    await placeLead(puller, 'lead-2', again);
    world.now = Date.parse('2026-03-04T13:00:00Z');
    await puller.erase('lead-1');
    await puller.work();
    Object.assign(lastOfKeeper, { startedAt: world.now + hour, settledAt: world.now + hour, phone: phone.slice(1) });
    Object.assign(again, { talkSeconds: 77, status: '200/200' });
    world.now += 2 * hour;
    await puller.pull('second', accounts, window);
    expect(await lineOf(puller.objects, again.id)).toMatchObject({ leadId: 'lead-2', phone, talkSeconds: 77 });
    expect(await lineOf(puller.objects, lastOfKeeper.id)).toMatchObject({ leadId: null, phone });
  });

  test('stays erased where the call has no phone in the list, and where it comes long after', async () => {
    const { puller, own } = await settle(memory());
    await puller.erase('lead-1');
    await puller.work();
    const startedAt = world.now + 2 * hour;
    Object.assign(own, { startedAt, settledAt: startedAt, phone: 'hidden' });
    world.now += 4 * hour;
    await puller.pull('second', accounts, window);
    expect(await lineOf(puller.objects, own.id)).toMatchObject({ leadId: null, phone: null, raw: '{}' });
  });

  test('goes in a next invocation where the time of one does not suffice', async () => {
    const { puller, digits } = await settle(memory());
    await puller.erase('lead-1');
    const [first] = await puller.erasures.get('keeper');
    let asked = 0;
    // Enough for the first day, and for no second one.
    await pullStats({ account: 'keeper' }, () => (asked++ === 0 ? 900_000 : 50_000), puller.portsOf('keeper'));
    expect(await puller.erasures.get('keeper')).toEqual([{ ...first, next: addDays(first?.next ?? '', 1) }]);
    expect(puller.queue.at(-1)?.message).toEqual({ account: 'keeper' });
    await puller.work();
    expect(await puller.erasures.get('keeper')).toEqual([]);
    expect(await exportedText(puller.objects)).not.toContain(digits);
  });

  test('goes whole, whenever the process is killed in between; the next schedule makes up for it', async () => {
    let killed = 0;
    for (let writes = 0; writes < 40; writes += 4) {
      const stores = memory();
      const { puller, digits } = await settle(stores);
      await puller.erase('lead-1');
      const dying = boot({ ...stores, ...mortal(stores.objects, stores.table, writes) });
      dying.queue.push(...puller.queue);
      await dying.work().catch(() => killed++);
      world.now += leaseMs + 1;
      // What lay in the queue is lost too.
      const next = boot(stores);
      await next.pull('schedule', accounts, { from: '2026-03-04', to: '2026-03-04' });
      expect(await exportedText(stores.objects), `killed after ${writes} writes`).not.toContain(digits);
      expect((await readExport(stores.objects)).length).toBeGreaterThan(50);
    }
    expect(killed).toBeGreaterThan(3);
  });
});

test('nothing in the table tells of the person any more', async () => {
  const table = createMemoryTable();
  const { puller, digits, own } = await settle({ table, objects: createMemoryObjects() });
  const all = () => JSON.stringify([...table.rows.values()]);
  expect(all()).toContain(digits);
  await puller.erase('lead-1');
  await puller.work();
  expect(all()).not.toMatch(new RegExp(`${digits}|Canary`));
  expect(await puller.callOwners.ownerOf('callkeeper', own.id)).toBe('erased');
  expect([...table.rows.keys()].filter((pk) => pk.startsWith('erased#'))).toHaveLength(1);
});
