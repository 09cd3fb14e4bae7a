import { once } from 'node:events';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Exhausted } from './exhaust.ts';
import { forms } from './scenario.ts';

// The longest first, so that the cores end together.
const left = Object.keys(forms).sort((a, b) => (forms[b]?.call.length ?? 0) - (forms[a]?.call.length ?? 0));
const sum: Exhausted = { singles: 0, pairs: 0, findings: [] };

async function work(): Promise<void> {
  for (let form = left.shift(); form !== undefined; form = left.shift()) {
    const worker = new Worker(new URL('exhaust-worker.ts', import.meta.url), { workerData: { form, everyPair: 1 } });
    const [{ singles, pairs, findings }] = (await once(worker, 'message')) as [Exhausted];
    process.stdout.write(`${form}: ${singles} single faults, ${pairs} pairs, ${findings.length} violations\n`);
    sum.singles += singles;
    sum.pairs += pairs;
    sum.findings.push(...findings);
  }
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
for (const finding of sum.findings.slice(0, 20)) process.stdout.write(`${finding}\n`);
process.stdout.write(`${sum.singles} single faults and ${sum.pairs} pairs: ${sum.findings.length} violations\n`);
process.exitCode = sum.findings.length > 0 ? 1 : 0;
