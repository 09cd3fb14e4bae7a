import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
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
