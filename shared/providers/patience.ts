import { ProviderError } from '../errors.ts';
import { AnswerTooLongError } from '../http/send.ts';
import type { Wait } from '../ports.ts';

/** Repeats a request that failed in passing. */
export type Attempt = <Answer>(request: () => Promise<Answer>) => Promise<Answer>;

const waitsMs = [1_000, 5_000];
const maxWaitMs = 60_000;

/** Tries a harmless read three times. What a second try cannot mend is thrown at once: a wrong key, an answer that is too long. */
export function patiently(wait: Wait): Attempt {
  return async (request) => {
    for (const waitMs of waitsMs) {
      try {
        return await request();
      } catch (error) {
        if (!canPass(error)) throw error;
        const { retryAfterSeconds = 0 } = error;
        await wait(Math.min(maxWaitMs, Math.max(waitMs, retryAfterSeconds * 1000)));
      }
    }
    return request();
  };
}

/** Whether the provider sent more than the request allows. */
export function isTooLong(error: unknown): boolean {
  return error instanceof ProviderError && error.cause instanceof AnswerTooLongError;
}

function canPass(error: unknown): error is ProviderError {
  return (
    error instanceof ProviderError && (error.fault === 'passing' || error.fault === 'unknown') && !isTooLong(error)
  );
}
