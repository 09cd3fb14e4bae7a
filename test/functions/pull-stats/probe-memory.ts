import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Pulls one day with this many calls in a process of its own, with the heap of the function. Resolves with what was exported and the most memory that it took. */
export async function probeMemory(calls: number): Promise<{ exported: number; megabytes: number }> {
  const script = fileURLToPath(new URL('./memory-probe.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=512', script, String(calls)]);
  return JSON.parse(stdout);
}
