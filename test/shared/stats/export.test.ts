import { beforeEach, expect, test } from 'vitest';
import { callSet } from '#shared/stats/data-set.ts';
import { createStatsExport, type Manifest } from '#shared/stats/export.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { makeCall } from './calls.ts';

const minute = 60_000;
const partition = { provider: 'callkeeper', account: 'main', date: '2026-11-01' };

let now: number;
let bucket: ReturnType<typeof createMemoryObjects>;
let statsExport: ReturnType<typeof createStatsExport>;
beforeEach(() => {
  now = Date.UTC(2026, 10, 2);
  let nonces = 0;
  bucket = createMemoryObjects();
  statsExport = createStatsExport({
    objects: bucket,
    bucket: 'stats',
    formats: ['ndjson', 'csv'],
    newNonce: () => `${++nonces}`.padStart(12, '0'),
    clock: () => now,
  });
});

const anybody = async () => {};

async function publish(calls: number): Promise<Manifest> {
  const before = await statsExport.readManifest('calls', partition);
  const writer = statsExport.write(callSet, partition, before);
  await writer.add(Array.from({ length: calls }, (_, index) => makeCall({ callId: String(index) })));
  return writer.publish(`${calls} calls`, anybody);
}

const areThere = ({ files }: Manifest) => files.map(({ key }) => bucket.objects.has(key));

test('files that lay there for days stay for an hour after they were replaced', async () => {
  const first = await publish(1);
  now += 3 * 24 * 60 * minute;
  await publish(2);
  expect(areThere(first)).toEqual([true, true]);
  now += 59 * minute;
  await publish(3);
  expect(areThere(first)).toEqual([true, true]);
  now += minute;
  const last = await publish(4);
  expect(areThere(first)).toEqual([false, false]);
  expect(areThere(last)).toEqual([true, true]);
});

test('a day that is not written any more loses them too, without being written for it again and again', async () => {
  const first = await publish(1);
  const current = await publish(2);
  now += 59 * minute;
  await statsExport.tidy(current, anybody);
  expect(areThere(first)).toEqual([true, true]);
  now += minute;
  await statsExport.tidy(current, anybody);
  expect([areThere(first), areThere(current)].flat()).toEqual([false, false, true, true]);
  const tidied = await statsExport.readManifest('calls', partition);
  expect(tidied).toEqual({ ...current, superseded: [] });
});

test('files of a pull that was cut off go, an hour after another has come to its end', async () => {
  const cut = statsExport.write(callSet, partition, undefined);
  await cut.add(Array.from({ length: 5_000 }, (_, index) => makeCall({ callId: String(index) })));
  const left = [...bucket.objects.keys()];
  expect(left).toHaveLength(2);
  now += 24 * 60 * minute;
  await publish(1);
  expect(left.map((key) => bucket.objects.has(key))).toEqual([true, true]);
  now += 60 * minute;
  await publish(2);
  expect(left.map((key) => bucket.objects.has(key))).toEqual([false, false]);
});

test('a removal that was cut off is made up for by the next', async () => {
  const first = await publish(1);
  await publish(2);
  now += 60 * minute;
  const { remove } = bucket;
  bucket.remove = async () => {
    throw new Error('killed');
  };
  await expect(publish(3)).rejects.toThrow('killed');
  Object.assign(bucket, { remove });
  await publish(4);
  expect(areThere(first)).toEqual([false, false]);
});

test('a day that is written all the time keeps no more than an hour of what it held', async () => {
  for (let times = 0; times < 30; times++) {
    await publish(times + 1);
    now += 10 * minute;
  }
  const { superseded } = await publish(1);
  expect(superseded).toHaveLength(7);
});
