import { ConfigError, ProviderError } from '#shared/errors.ts';
import { isTooLong } from '#shared/providers/patience.ts';
import { LeaseLostError, OutOfTimeError } from './go-on.ts';

/** Why a pull failed, in words for the owner. */
export function reasonOf(error: unknown): string {
  const isForPeople = error instanceof ProviderError || error instanceof ConfigError || error instanceof OutOfTimeError;
  return isForPeople ? error.message : 'something went wrong on our side';
}

/** Whether it can be a matter of the day alone, so that the days after it are worth a try. */
export function mayBeOfDay(error: unknown): boolean {
  if (error instanceof LeaseLostError || error instanceof ConfigError) return false;
  return !(error instanceof ProviderError && error.fault === 'account');
}

/** Whether the provider did not answer: when it does so day after day, it is down. */
export function isSilence(error: unknown): boolean {
  return error instanceof ProviderError && !isTooLong(error);
}
