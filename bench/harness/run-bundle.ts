import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

/** The events that a bundle's process hands to it, in this order. */
export type Events = { first: unknown; warmUp: unknown[]; measured: unknown[]; allocating: unknown[] };

export type RunPlan = Events & { file: string; resultFile: string };

/** Milliseconds since the process was started; CPU, median time and allocations of one invocation, where any was measured. */
export type RunResult = {
  readyMs: number;
  firstAnswerMs: number;
  cpuMs: number;
  latencyMs: number;
  allocatedKb: number;
};

export type RunBundle = (file: string, env: Record<string, string>, events: Events) => Promise<RunResult>;

const nodeArguments = ['--expose-gc', '--min-semi-space-size=64', '--max-semi-space-size=64'];

/** Runs bundles, each in a process of its own, as JavaScript so that no type is stripped in the measured time. */
export async function createRunBundle(folder: string): Promise<RunBundle> {
  const runner = join(folder, 'runner.cjs');
  await build({
    entryPoints: [fileURLToPath(new URL('runner.ts', import.meta.url))],
    outfile: runner,
    format: 'cjs',
    platform: 'node',
    target: 'node24',
  });
  let runs = 0;
  return async (file, env, events) => {
    const name = join(folder, `run-${++runs}`);
    const plan: RunPlan = { ...events, file, resultFile: `${name}-result.json` };
    await writeFile(`${name}.json`, JSON.stringify(plan));
    const child = spawn(process.execPath, [...nodeArguments, runner, `${name}.json`], {
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let errors = '';
    child.stderr.on('data', (chunk) => {
      errors += chunk;
    });
    const [code] = await once(child, 'close');
    if (code !== 0) throw new Error(`the process of ${file} ended with ${code}: ${errors.slice(-1000)}`);
    return JSON.parse(await readFile(plan.resultFile, 'utf8')) as RunResult;
  };
}
