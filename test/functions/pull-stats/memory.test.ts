import { expect, test } from 'vitest';
import { probeMemory } from './probe-memory.ts';

test('ten times as many calls in a day take hardly more memory', async () => {
  const [few, many] = [await probeMemory(3_000), await probeMemory(30_000)];
  expect([few.exported, many.exported]).toEqual([3_000, 30_000]);
  // `npm run -s stats-memory` allows a million calls as much.
  expect(many.megabytes - few.megabytes).toBeLessThan(150);
}, 120_000);
