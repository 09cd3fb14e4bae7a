import { probeMemory } from '../../test/functions/pull-stats/probe-memory.ts';
import { median } from '../harness/figures.ts';

/** Medians of so many runs. */
export type Pulled = { calls: number; runs: number; rowsPerSecond: number; peakMegabytes: number };

/** A million takes two minutes, so it is pulled once. */
const sizes = [
  { calls: 10_000, runs: 3 },
  { calls: 100_000, runs: 3 },
  { calls: 1_000_000, runs: 1 },
];

/** One day with so many calls, pulled and exported by a process with the function's heap; the sizes by turns. */
export async function measureStatsPull(): Promise<Pulled[]> {
  const measured = sizes.map(({ calls, runs }) => ({ calls, runs, rates: [] as number[], peaks: [] as number[] }));
  for (let round = 0; measured.some(({ runs }) => round < runs); round++) {
    for (const { calls, rates, peaks } of measured.filter(({ runs }) => round < runs)) {
      const startedAt = performance.now();
      const { exported, megabytes } = await probeMemory(calls);
      if (exported !== calls) throw new Error(`${exported} of ${calls} calls were exported`);
      rates.push(calls / ((performance.now() - startedAt) / 1000));
      peaks.push(megabytes);
    }
  }
  return measured.map(({ calls, runs, rates, peaks }) => ({
    calls,
    runs,
    rowsPerSecond: median(rates),
    peakMegabytes: median(peaks),
  }));
}
