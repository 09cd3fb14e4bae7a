import { expect, test } from 'vitest';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { playBurst } from './play-burst.ts';

const { batchSize, maxConcurrency = 0 } = calltouch;
const leads = 1_000;

test.each([maxConcurrency, 8])(
  'a burst of 1,000 leads uses 95 percent of five a second and never meets a 429, through %i functions',
  async (functions) => {
    const seed = functions;
    const { arrivals, writes, refused } = await playBurst(leads, functions, seed);
    expect({ arrivals: arrivals.length, refused }).toEqual({ arrivals: leads, refused: 0 });
    const windows = arrivals.slice(5).map((at, index) => at - (arrivals[index] ?? 0));
    expect(Math.min(...windows)).toBeGreaterThanOrEqual(1000);
    const seconds = ((arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0)) / 1000;
    expect((leads - 1) / seconds).toBeGreaterThanOrEqual(0.95 * 5);
    expect(writes).toBe(Math.ceil(leads / batchSize));
  },
);
