import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { RunPlan, RunResult } from './run-bundle.ts';

type Handler = (event: unknown, context: object) => Promise<{ statusCode?: number; body?: string } | undefined>;

const context = {
  awsRequestId: 'request',
  functionName: 'measured',
  functionVersion: '$LATEST',
  invokedFunctionArn: 'arn:aws:lambda:eu-central-1:123456789012:function:measured',
  memoryLimitInMB: '1024',
  logGroupName: 'log',
  logStreamName: 'log',
  getRemainingTimeInMillis: () => 60_000,
};

// A process of its own: loads a bundle as Lambda does, and tells what that and its invocations cost.
void run(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')));

async function run({ file, first, warmUp, measured, allocating, resultFile }: RunPlan) {
  const { handler } = createRequire(file)(file) as { handler: Handler };
  const readyMs = performance.now();
  await invoke(handler, first);
  const firstAnswerMs = performance.now();

  for (const event of warmUp) await invoke(handler, event);

  const cpuBefore = process.cpuUsage();
  const tookMs: number[] = [];
  for (const event of measured) {
    const startedAt = performance.now();
    await invoke(handler, event);
    tookMs.push(performance.now() - startedAt);
  }
  const { user, system } = process.cpuUsage(cpuBefore);

  const result: RunResult = {
    readyMs,
    firstAnswerMs,
    cpuMs: (user + system) / 1000 / measured.length,
    latencyMs: tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)] ?? Number.NaN,
    allocatedKb: (await allocate(handler, allocating)) / 1024 / allocating.length,
  };
  writeFileSync(resultFile, JSON.stringify(result));
  process.exit();
}

/** A refusal is no work: it would be measured as if it were. */
async function invoke(handler: Handler, event: unknown) {
  const answer = await handler(event, context);
  if ((answer?.statusCode ?? 0) >= 400) throw new Error(`refused with ${answer?.statusCode}: ${answer?.body}`);
}

/** Resolves with bytes: so few at a time that the young generation holds them all; without a collection the heap grows by what was allocated. */
async function allocate(handler: Handler, events: unknown[]): Promise<number> {
  const batch = 10;
  let allocated = 0;
  for (let at = 0; at < events.length; at += batch) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    for (const event of events.slice(at, at + batch)) await invoke(handler, event);
    allocated += process.memoryUsage().heapUsed - before;
  }
  return allocated;
}
