import { parentPort, workerData } from 'node:worker_threads';
import { applyMutant } from './apply-mutant.ts';
import type { Verdict } from './checker.ts';
import type { ToWorker, WorkerSettings } from './run-seeds.ts';

const { mutant, design } = workerData as WorkerSettings;
if (mutant !== undefined) applyMutant(mutant);
// Loaded only now, so that a mutant is in place.
const { runSeed } = await import('./run-seed.ts');
const { createTextbook } = await import('./textbook.ts');

parentPort?.on('message', async ({ from, count }: ToWorker) => {
  for (let seed = from; seed < from + count; seed++) {
    parentPort?.postMessage({ seed, verdict: await play(seed) });
  }
});

/** What the code under test should never throw is a finding, too. */
async function play(seed: number): Promise<Verdict> {
  try {
    return await runSeed(seed, design === 'textbook' ? { design: createTextbook } : {});
  } catch (error) {
    const words = `crashed: ${error instanceof Error ? error.stack : error}`;
    return { lost: [], double: [], unexpected: [words], unfinished: [], wishes: 0, held: 0 };
  }
}
