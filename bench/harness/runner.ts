import { readFileSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import type { RunPlan, RunResult } from './run-bundle.ts';

// A process of its own: loads a bundle as Lambda does, and tells what that and its invocations cost.
const plan = JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as RunPlan;
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

const { handler } = await import(pathToFileURL(plan.file).href);
const readyMs = performance.now();
await invoke(plan.first);
const firstAnswerMs = performance.now();

for (const event of plan.warmUp) await invoke(event);

/** A refusal is no work: it would be measured as if it were. */
async function invoke(event: unknown) {
  const answer = await handler(event, context);
  if (answer?.statusCode >= 400) throw new Error(`refused with ${answer.statusCode}: ${answer.body}`);
}

const cpuBefore = process.cpuUsage();
const tookMs: number[] = [];
for (const event of plan.measured) {
  const startedAt = performance.now();
  await invoke(event);
  tookMs.push(performance.now() - startedAt);
}
const { user, system } = process.cpuUsage(cpuBefore);

// So few at a time that the young generation holds them all: without a collection the heap grows by what was allocated.
const batch = 10;
let allocated = 0;
for (let at = 0; at < plan.allocating.length; at += batch) {
  globalThis.gc?.();
  const before = process.memoryUsage().heapUsed;
  for (const event of plan.allocating.slice(at, at + batch)) await invoke(event);
  allocated += process.memoryUsage().heapUsed - before;
}

const result: RunResult = {
  readyMs,
  firstAnswerMs,
  cpuMs: (user + system) / 1000 / plan.measured.length,
  latencyMs: tookMs.toSorted((a, b) => a - b)[Math.floor(tookMs.length / 2)] ?? Number.NaN,
  allocatedKb: allocated / 1024 / plan.allocating.length,
};
writeFileSync(plan.resultFile, JSON.stringify(result));
process.exit();
