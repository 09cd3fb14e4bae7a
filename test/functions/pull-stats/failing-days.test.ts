import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import { pullStats } from '../../../functions/pull-stats/pull-stats.ts';
import { listen } from '../../support/listen.ts';
import { keeperRecord, serveKeeper } from './keeper.ts';
import { createPuller, readExport } from './set-up.ts';

let keeper: Awaited<ReturnType<typeof serveKeeper>>;
let now = 0;
const clock = () => now;
const noonOf = (date: string) => Date.parse(`${date}T12:00:00Z`);
const dates = ['2026-11-01', '2026-11-02', '2026-11-03', '2026-11-04', '2026-11-05'];
const exported = async (objects: ObjectStore) => (await readExport(objects)).map(({ callId }) => callId);

beforeAll(async () => {
  keeper = await serveKeeper();
});
afterAll(() => keeper.close());
beforeEach(() => {
  keeper.records = dates.map((date, index) => keeperRecord(index + 1, `${date} 10:00:00`));
  keeper.isDown = () => false;
  now = noonOf('2026-11-05');
});

test('a day whose files cannot be written keeps none of the others from being pulled, and is tried again', async () => {
  const objects = createMemoryObjects();
  let isFull = true;
  const failing: ObjectStore = {
    ...objects,
    async put(key, ...rest) {
      if (isFull && key.includes('date=2026-11-03')) throw new Error('no room for this day');
      return objects.put(key, ...rest);
    },
  };
  const puller = createPuller({ origin: keeper.origin, clock, objects: failing });
  const window = { from: '2026-11-01', to: '2026-11-05' };
  const [pull] = await puller.pull('schedule', ['keeper'], window);
  expect(pull).toMatchObject({ state: 'failed', reason: '2026-11-03: something went wrong on our side' });
  expect(await exported(objects)).toEqual(['1', '2', '4', '5']);
  expect(await puller.pulls.pulledTo('keeper')).toBe('2026-11-05');
  expect(await puller.pulls.failedDays('keeper')).toEqual(['2026-11-03']);

  isFull = false;
  const [again] = await puller.pull('again', ['keeper'], { from: '2026-11-03', to: '2026-11-03' });
  expect(again).toMatchObject({ state: 'done' });
  expect(await exported(objects)).toEqual(['1', '2', '3', '4', '5']);
  expect(await puller.pulls.failedDays('keeper')).toEqual([]);
});

test('of a provider that fails on day after day no further day is asked for', async () => {
  const puller = createPuller({ origin: keeper.origin, clock });
  keeper.isDown = () => true;
  const before = keeper.requests;
  const [pull] = await puller.pull('schedule', ['keeper'], { from: '2026-10-01', to: '2026-11-05' });
  expect(pull).toMatchObject({ state: 'failed' });
  expect(keeper.requests - before).toBe(9);
  expect(await puller.pulls.pulledTo('keeper')).toBeUndefined();
});

test('one day that the provider cannot list is left out, and the last one that it can is where the next pull begins', async () => {
  const puller = createPuller({ origin: keeper.origin, clock });
  keeper.isDown = (from) => from.startsWith('2026-11-05');
  const [pull] = await puller.pull('schedule', ['keeper'], { from: '2026-11-01', to: '2026-11-05' });
  expect(pull).toMatchObject({ state: 'failed', failed: ['2026-11-05'] });
  expect(await exported(puller.objects)).toEqual(['1', '2', '3', '4']);
  expect(await puller.pulls.pulledTo('keeper')).toBe('2026-11-04');
});

test('a day within which time runs out is taken up again, and is left out when it does so each time', async () => {
  let [slowTimes, left] = [0, 900_000];
  const objects = createMemoryObjects();
  const slow: ObjectStore = {
    ...objects,
    async get(key, range) {
      // Such a day takes all that an invocation has.
      if (key.startsWith('manifests/') && key.includes('date=2026-11-03') && slowTimes-- > 0) left = 20_000;
      return objects.get(key, range);
    },
  };
  const puller = createPuller({ origin: keeper.origin, clock, objects: slow });
  const work = async (id: string) => {
    const window = { account: 'keeper', from: '2026-11-01', to: '2026-11-05' };
    await puller.pulls.start(id, window);
    for (let invocations = 0; invocations < 20; invocations++) {
      left = 900_000;
      await pullStats({ id, account: 'keeper' }, () => left, puller.portsOf('keeper'));
      const pull = await puller.pulls.get(id, 'keeper');
      if (pull?.state !== 'running') return { state: pull?.state, reason: pull?.reason };
    }
    return undefined;
  };
  slowTimes = 100;
  const reason = '2026-11-03: a single day takes longer than a pull may';
  expect(await work('too slow')).toEqual({ state: 'failed', reason });
  expect(await exported(objects)).toEqual(['1', '2', '4', '5']);
  slowTimes = 2;
  expect(await work('slow')).toEqual({ state: 'done', reason: null });
  expect(await exported(puller.objects)).toEqual(['1', '2', '3', '4', '5']);
});

test('where the calls of a day have taken the time that its leads need, those come in the next invocation, and the calls are not listed again', async () => {
  let [left, asked] = [0, [] as string[]];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://touch');
    const isOfLeads = pathname.endsWith('/requests');
    asked.push(isOfLeads ? 'leads' : 'calls');
    left -= 25_000;
    const records = { page: 1, pageTotal: 1, pageSize: 0, recordsTotal: 0, records: [] };
    response.end(JSON.stringify(isOfLeads ? [] : records));
  });
  const touch = await listen(server);
  const puller = createPuller({ origin: touch.origin, clock });
  await puller.pulls.start('leads', { account: 'touch', from: '2026-11-01', to: '2026-11-01' });
  const invoke = async () => {
    [left, asked] = [100_000, []];
    await pullStats({ id: 'leads', account: 'touch' }, () => left, puller.portsOf('touch'));
    return asked;
  };
  expect(await invoke()).toEqual(['calls', 'calls']);
  expect(await invoke()).toEqual(['leads', 'leads']);
  expect(await puller.pulls.get('leads', 'touch')).toMatchObject({ state: 'done' });
  await touch.close();
});
