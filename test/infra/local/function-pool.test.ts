import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { createFunctionPool, type FunctionPool } from '../../../infra/local/function-pool.ts';
import { startFunctionProcess } from '../../../infra/local/function-process.ts';

const bundle = `
  exports.handler = async (event, context) => {
    if (event.throw) throw new TypeError('as ordered');
    if (event.crash) process.exit(7);
    if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
    if (event.fill) { const all = []; for (;;) all.push(new Array(1e5).fill(Math.random())); }
    if (event.print) console.log('{"event":"printed"}');
    if (event.waitMs) await new Promise((resolve) => setTimeout(resolve, event.waitMs));
    return { pid: process.pid, env: process.env, name: context.functionName, requestId: context.awsRequestId,
      remaining: context.getRemainingTimeInMillis() };
  };`;

type Answer = { pid: number; env: Record<string, string>; name: string; requestId: string; remaining: number };
type TestPool = FunctionPool & { call(event?: object): Promise<Answer>; lines: string[] };

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

type Settings = { usual?: number; most?: number; timeoutMs?: number; source?: string };

function startPool({ usual = 4, most = usual, timeoutMs = 10_000, source = bundle }: Settings = {}): TestPool {
  const folder = mkdtempSync(join(tmpdir(), 'ringback-pool-'));
  mkdirSync(join(folder, 'asset.a1'));
  writeFileSync(join(folder, 'asset.a1', 'index.cjs'), source);
  const definition = {
    name: 'ring',
    arn: 'arn:aws:lambda:eu-central-1:000000000000:function:ring',
    asset: 'asset.a1',
    handler: 'index.handler',
    memoryMb: 64,
    timeoutMs,
    environment: {},
  };
  const lines: string[] = [];
  const output = { stdout: (line: string) => lines.push(line), stderr: (line: string) => lines.push(line) };
  const start = () => startFunctionProcess(definition, folder, { GREETING: 'hello' }, output);
  const pool = createFunctionPool(start, { usual, most, patienceMs: 10 });
  cleanups.push(
    () => pool.stop(),
    () => rmSync(folder, { recursive: true }),
  );
  return { ...pool, lines, call: (event = {}) => pool.invoke(event) as Promise<Answer> };
}

test('gives a function its context and no environment but its own', async () => {
  const { call } = startPool();
  const { env, name, remaining, requestId } = await call();
  expect(name).toBe('ring');
  expect(remaining).toBeGreaterThan(9_000);
  expect(remaining).toBeLessThanOrEqual(10_000);
  expect(requestId).not.toBe((await call()).requestId);
  expect(Object.keys(env).filter((key) => !key.startsWith('NODE_CHANNEL'))).toEqual(['GREETING']);
});

test('keeps a process for the next invocation', async () => {
  const { call, pids } = startPool();
  const first = await call();
  expect((await call()).pid).toBe(first.pid);
  expect(pids()).toEqual([first.pid]);
});

test('grows under load to its size, one invocation at a time in each process', async () => {
  const { call } = startPool({ usual: 2 });
  const answers = await Promise.all(Array.from({ length: 6 }, () => call({ waitMs: 500 })));
  expect(new Set(answers.map(({ pid }) => pid)).size).toBe(2);
});

test('grows beyond that for those who wait behind hung invocations', async () => {
  const { call, pids } = startPool({ usual: 1, most: 3 });
  const hung = [call({ hang: true }), call({ hang: true })].map((invocation) => expect(invocation).rejects.toThrow());
  const { pid } = await call();
  expect(pids()).toHaveLength(3);
  expect((await call()).pid).toBe(pid);
  for (const other of pids().filter((other) => other !== pid)) process.kill(other, 'SIGKILL');
  await Promise.all(hung);
});

test('passes on what a function throws and keeps its process', async () => {
  const { call, lines } = startPool();
  const { pid } = await call();
  await expect(call({ throw: true })).rejects.toMatchObject({ errorType: 'TypeError', message: 'as ordered' });
  expect((await call()).pid).toBe(pid);
  await expect.poll(() => lines.join('\n')).toContain('TypeError: as ordered');
});

test('a crash fails its own invocation only', async () => {
  const { call } = startPool({ usual: 1 });
  const { pid } = await call();
  const crash = call({ crash: true });
  const behind = call();
  await expect(crash).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect((await behind).pid).not.toBe(pid);
});

test('kill -9 fails the invocation under way, the next one gets a new process', async () => {
  const { call } = startPool({ usual: 1 });
  const { pid } = await call();
  const killed = call({ hang: true });
  const behind = call();
  process.kill(pid, 'SIGKILL');
  await expect(killed).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect((await behind).pid).not.toBe(pid);
});

test('kill -9 of an idle process is not noticed by anybody', async () => {
  const { call, pids } = startPool();
  const { pid } = await call();
  process.kill(pid, 'SIGKILL');
  await expect.poll(pids).toEqual([]);
  expect((await call()).pid).not.toBe(pid);
});

test('ends an invocation that takes longer than its time', async () => {
  const { call } = startPool({ usual: 1, timeoutMs: 300 });
  const { pid } = await call();
  const slow = call({ hang: true });
  const behind = call();
  await expect(slow).rejects.toMatchObject({ errorType: 'Sandbox.Timedout', message: 'ring timed out after 0.3 s' });
  expect((await behind).pid).not.toBe(pid);
});

test('a function that wants more memory than it has loses its process', async () => {
  const { call } = startPool();
  await expect(call({ fill: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect((await call()).name).toBe('ring');
});

test('a bundle that cannot be loaded fails its invocations and says why', async () => {
  const { call, warm, lines } = startPool({ source: `throw new Error('bad environment: TABLE_NAME');` });
  await expect(warm()).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  await expect(call()).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  expect(lines.join('\n')).toContain('bad environment: TABLE_NAME');
});

test('hands on what a function prints', async () => {
  const { call, lines } = startPool();
  await call({ print: true });
  await expect.poll(() => lines).toEqual(['{"event":"printed"}']);
});

test('stops with processes in the midst of their work', async () => {
  const { call, stop, pids, warm } = startPool();
  await warm();
  const pid = pids()[0] ?? 0;
  const lost = expect(call({ hang: true })).rejects.toMatchObject({ errorType: 'Runtime.ExitError' });
  await sleep(0);
  await stop();
  await lost;
  expect(() => process.kill(pid, 0)).toThrow('ESRCH');
});
