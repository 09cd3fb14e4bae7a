import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { FromRuntime, RuntimeSettings, ToRuntime } from './runtime-messages.ts';
import type { FunctionDefinition } from './template.ts';

const runtime = fileURLToPath(new URL('runtime.ts', import.meta.url));

/** The function threw, took too long, or its process ended. */
export class FunctionError extends Error {
  override name = 'FunctionError';
  readonly errorType: string;

  constructor(errorType: string, message: string) {
    super(message);
    this.errorType = errorType;
  }
}

/** Where a function's output goes, line by line. */
export type Output = { stdout(line: string): void; stderr(line: string): void };

export type FunctionProcess = {
  pid: number;
  /** Rejects with FunctionError when the bundle cannot be loaded. */
  ready: Promise<void>;
  /** Resolves when the process has ended, however it did. */
  ended: Promise<void>;
  /** One at a time. Rejects with FunctionError. */
  invoke(event: unknown): Promise<unknown>;
  kill(): void;
};

/** Starts a process of this function from its bundle, with its memory and with exactly this environment. */
export function startFunctionProcess(
  definition: FunctionDefinition,
  assemblyFolder: string,
  environment: Record<string, string>,
  output: Output,
): FunctionProcess {
  const child = fork(runtime, [JSON.stringify(settingsOf(definition, assemblyFolder))], {
    env: environment,
    execArgv: [`--max-old-space-size=${definition.memoryMb}`],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  forwardLines(child, output);

  const ready = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();
  let current: PromiseWithResolvers<unknown> | undefined;
  let timedOut: FunctionError | undefined;

  function end(reason: unknown) {
    const error = new FunctionError('Runtime.ExitError', `the process of ${definition.name} ended (${reason})`);
    ended.resolve();
    ready.reject(error);
    current?.reject(timedOut ?? error);
  }

  child.on('message', (message: FromRuntime) => {
    if (message.kind === 'ready') ready.resolve();
    else if (message.kind === 'result') current?.resolve(message.value);
    else current?.reject(new FunctionError(message.name, message.message));
  });
  child.on('exit', (code, signal) => end(signal ?? code));
  child.on('error', (error) => {
    // Either it could not be started, or a message was sent to a process that has died and whose `exit` follows.
    if (child.pid === undefined) end(error.message);
  });

  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    ended: ended.promise,
    kill: () => void child.kill('SIGKILL'),
    async invoke(event) {
      await ready.promise;
      const message: ToRuntime = { requestId: randomUUID(), deadline: Date.now() + definition.timeoutMs, event };
      current = Promise.withResolvers<unknown>();
      child.send(message);
      const timer = setTimeout(() => {
        const seconds = definition.timeoutMs / 1000;
        timedOut = new FunctionError('Sandbox.Timedout', `${definition.name} timed out after ${seconds} s`);
        child.kill('SIGKILL');
      }, definition.timeoutMs);
      try {
        return await current.promise;
      } finally {
        clearTimeout(timer);
        current = undefined;
      }
    },
  };
}

function settingsOf(definition: FunctionDefinition, assemblyFolder: string): RuntimeSettings {
  const [file, exportName = ''] = definition.handler.split('.');
  return {
    file: join(assemblyFolder, definition.asset, `${file}.cjs`),
    exportName,
    functionName: definition.name,
    functionArn: definition.arn,
    memoryMb: definition.memoryMb,
  };
}

function forwardLines(child: ChildProcess, output: Output) {
  if (child.stdout) createInterface(child.stdout).on('line', output.stdout);
  if (child.stderr) createInterface(child.stderr).on('line', output.stderr);
}
