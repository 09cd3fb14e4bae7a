import { expect, test } from 'vitest';
import { probeMemory } from './probe-memory.ts';

test('four times as many calls in a day take hardly more memory', async () => {
  const [few, many] = [await probeMemory(10_000), await probeMemory(40_000)];
  expect([few.exported, many.exported]).toEqual([10_000, 40_000]);
  // `npm run -s stats-memory` allows a million calls as much.
  expect(many.megabytes - few.megabytes).toBeLessThan(150);
}, 120_000);
