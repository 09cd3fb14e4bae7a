import { probeMemory } from '../../test/functions/pull-stats/probe-memory.ts';

export type Pulled = { calls: number; rowsPerSecond: number; peakMegabytes: number };

/** One day with so many calls, pulled and exported by a process with the function's heap. */
export async function measureStatsPull(): Promise<Pulled[]> {
  const pulled: Pulled[] = [];
  for (const calls of [10_000, 100_000, 1_000_000]) {
    const startedAt = performance.now();
    const { exported, megabytes } = await probeMemory(calls);
    if (exported !== calls) throw new Error(`${exported} of ${calls} calls were exported`);
    pulled.push({ calls, rowsPerSecond: calls / ((performance.now() - startedAt) / 1000), peakMegabytes: megabytes });
  }
  return pulled;
}
