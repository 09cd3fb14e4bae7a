import { ConfigError, type Fault, InvalidRequestError, ProviderError } from '#shared/errors.ts';
import { CommandError } from './terminal.ts';

const advice: Record<Fault, string> = {
  lead: 'The phone or the data of this request is at fault; nothing was done.',
  account:
    "The account is at fault: its keys, its settings or what it may do. 'ringback doctor' looks at them. Nothing was done.",
  passing: 'The fault is a passing one: nothing was done, try again soon.',
  unknown:
    'No usable answer came, so that it is not known whether the provider acted on the request: look there before repeating an order.',
};

/** An error in words for the person who typed the command. */
export function explain(error: unknown): string {
  if (error instanceof ProviderError) return explainProvider(error);
  const isExpected =
    error instanceof CommandError || error instanceof ConfigError || error instanceof InvalidRequestError;
  if (isExpected) return error.message;
  // Such as a folder that is not there: the system's own words name it.
  if (error instanceof Error && 'syscall' in error) return error.message;
  return `This is a mistake in Ringback itself:\n${error instanceof Error ? error.stack : String(error)}`;
}

/** Statuses of a request that is wrong in itself, of which an account's key is hardly the reason. */
const ofRequest = [400, 404, 406, 409, 422];
const requestAdvice =
  'The account is at fault, or a parameter of this request that it does not take: look at both. Nothing was done.';

function explainProvider({ provider, message, status, fault, retryAfterSeconds }: ProviderError): string {
  const where = status === undefined ? provider : `${provider} (HTTP ${status})`;
  const after = retryAfterSeconds === undefined ? '' : ` The provider asks to wait ${retryAfterSeconds} s.`;
  const words = fault === 'account' && ofRequest.includes(status ?? 0) ? requestAdvice : advice[fault];
  return `${where}: ${message}\n${words}${after}`;
}
