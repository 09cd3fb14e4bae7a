import { traceOf } from './errors.ts';
import type { Log } from './log.ts';

/** Stands for what went wrong where nobody may read the words. */
class CrashError extends Error {
  override name = 'CrashError';
}

/**
 * A handler for queues and schedules, which have nobody to answer. Lambda logs whatever such a handler throws, message and all, and that
 * may quote what a visitor sent; so where it came from is logged here, and what is thrown says nothing.
 */
export function crashQuietly<Input extends unknown[], Result>(
  log: Log,
  handler: (...input: Input) => Promise<Result>,
): (...input: Input) => Promise<Result> {
  return async (...input) => {
    try {
      return await handler(...input);
    } catch (error) {
      log('function crashed', { error: traceOf(error) });
      throw new CrashError('see the line "function crashed" in this log');
    }
  };
}
