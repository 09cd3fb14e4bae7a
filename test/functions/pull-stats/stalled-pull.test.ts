import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { startPull } from '#shared/stats/pull-queue.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import { pullStats } from '../../../functions/pull-stats/pull-stats.ts';
import { keeperRecord, serveKeeper } from './keeper.ts';
import { createPuller, readExport } from './set-up.ts';

let keeper: Awaited<ReturnType<typeof serveKeeper>>;
let now = 0;
const clock = () => now;
const today = { from: '2026-11-05', to: '2026-11-05' };
const pass = async (ms: number) => {
  now += ms;
};

beforeAll(async () => {
  keeper = await serveKeeper();
});
afterAll(() => keeper.close());
beforeEach(() => {
  keeper.records = [keeperRecord(1, '2026-11-05 10:00:00')];
  now = Date.parse('2026-11-05T12:00:00Z');
});

test('whoever wakes up when its lease has run out publishes nothing', async () => {
  const table = createMemoryTable();
  const objects = createMemoryObjects();
  const other = createPuller({ origin: keeper.origin, clock, pass, table, objects });
  let manifests = 0;
  let isStalled = false;
  const slow: ObjectStore = {
    ...objects,
    async put(key, ...rest) {
      if (key.startsWith('manifests/')) manifests++;
      return objects.put(key, ...rest);
    },
    async list(prefix, after) {
      const listed = await objects.list(prefix, after);
      if (!isStalled && prefix.startsWith('calls/')) {
        isStalled = true;
        now += 95_000;
        expect(await other.pulls.lease('keeper', 'the other')).toBe(true);
      }
      return listed;
    },
  };
  const puller = createPuller({ origin: keeper.origin, clock, pass, table, objects: slow });
  const waiting = puller.portsOf('keeper');
  await puller.pulls.start('first', { account: 'keeper', ...today });

  await pullStats({ id: 'first', account: 'keeper' }, () => 900_000, waiting);
  expect([isStalled, manifests]).toEqual([true, 0]);
  await other.pulls.release('keeper', 'the other');
  await puller.work();
  expect(await readExport(objects)).toHaveLength(1);
});

test('a day that misses a file is written anew, be it settled or not', async () => {
  for (const days of [0, 30]) {
    now = Date.parse('2026-11-05T12:00:00Z');
    const objects = createMemoryObjects();
    const puller = createPuller({ origin: keeper.origin, clock, objects });
    await puller.pull('first', ['keeper'], today);
    for (const key of objects.objects.keys()) if (key.endsWith('.ndjson')) objects.objects.delete(key);
    await expect(readExport(objects)).rejects.toThrow('is not whole');
    now += days * 86_400_000;
    const [pull] = await puller.pull('second', ['keeper'], today);
    expect(pull).toMatchObject({ state: 'done', written: 1 });
    expect(await readExport(objects)).toHaveLength(1);
  }
});

test('a message that had to wait for the lease finds the pull as it is by then', async () => {
  const table = createMemoryTable();
  const puller = createPuller({ origin: keeper.origin, clock, table });
  await puller.pulls.start('one', { account: 'keeper', ...today });
  const ports = puller.portsOf('keeper');
  const lease: typeof ports.pulls.lease = async (account, owner) => {
    await puller.pulls.update('one', 'keeper', { state: 'done' });
    return ports.pulls.lease(account, owner);
  };
  const before = keeper.requests;
  await pullStats({ id: 'one', account: 'keeper' }, () => 900_000, { ...ports, pulls: { ...ports.pulls, lease } });
  expect(keeper.requests).toBe(before);
});

test('a pull that takes long is nudged by no further message while somebody is at work', async () => {
  const puller = createPuller({ origin: keeper.origin, clock });
  const ask = () =>
    startPull('long', 'keeper', today, {
      pulls: puller.pulls,
      sendPull: async () => void sent++,
      clock,
      lookbackDays: 3,
    });
  let sent = 0;
  await ask();
  for (let minutes = 0; minutes < 30; minutes++) {
    await puller.pulls.lease('keeper', 'the one at work');
    now += 60_000;
    await ask();
  }
  expect(sent).toBe(1);
  now += 90_000;
  await ask();
  expect(sent).toBe(2);
});
