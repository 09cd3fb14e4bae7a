import { createRequire } from 'node:module';
import type { Context } from 'aws-lambda';
import type { FromRuntime, RuntimeSettings, ToRuntime } from './runtime-messages.ts';

// The process of one function: takes an invocation at a time over the channel to the host, and ends with the host.
process.on('disconnect', () => process.exit());

const settings: RuntimeSettings = JSON.parse(process.argv[2] ?? '');
const bundle = createRequire(import.meta.url)(settings.file);
const handler: (event: unknown, context: Context) => unknown = bundle[settings.exportName];
if (typeof handler !== 'function') throw new Error(`${settings.file} has no function "${settings.exportName}"`);

process.on('message', (message: ToRuntime) => void answer(message));
send({ kind: 'ready' });

async function answer({ event, requestId, deadline }: ToRuntime) {
  try {
    const value = await handler(event, contextOf(requestId, deadline));
    send({ kind: 'result', value });
  } catch (error) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    // Lambda logs what an error carries as well.
    process.stderr.write(`${stack}\n${describe(error)}`);
    send({ kind: 'error', name, message });
  }
}

function describe(error: unknown): string {
  const carried = typeof error === 'object' ? { ...error } : {};
  return Object.keys(carried).length === 0 ? '' : `${JSON.stringify(carried)}\n`;
}

function send(message: FromRuntime) {
  process.send?.(message);
}

function contextOf(requestId: string, deadline: number): Context {
  return {
    awsRequestId: requestId,
    functionName: settings.functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: settings.functionArn,
    memoryLimitInMB: String(settings.memoryMb),
    logGroupName: `/aws/lambda/${settings.functionName}`,
    logStreamName: String(process.pid),
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
    done: callbackStyle,
    fail: callbackStyle,
    succeed: callbackStyle,
  };
}

function callbackStyle(): never {
  throw new Error('handlers are async functions here');
}
