/** What a visitor's or a client's request did wrong. `code` is stable, `fields` name what to mend; the words come from the edge. */
export type FieldError = { field: string; code: string; message: string };

type RefusalOptions = { fields?: FieldError[]; retryAfterSeconds?: number | undefined; cause?: unknown };

/** A request that can be answered with a 4xx: everything in it may be shown. */
export class InvalidRequestError extends Error {
  override name = 'InvalidRequestError';
  readonly status: number;
  readonly code: string;
  readonly fields: FieldError[];
  /** When the same may be tried again, where waiting is all that it takes. */
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, options: RefusalOptions = {}) {
    super(message, { cause: options.cause });
    this.status = status;
    this.code = code;
    this.fields = options.fields ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/**
 * Whose fault a failed order is, which decides what may happen next (DESIGN, "Deliveries"):
 * `lead`: never again; `account`: the next account; `passing`: again, soon. These three prove that nothing was placed.
 * `unknown`: it may have been placed, so it must be looked up first.
 */
export type Fault = 'lead' | 'account' | 'passing' | 'unknown';

export type ProviderErrorDetails = {
  provider: string;
  fault: Fault;
  /** HTTP status of the answer, where there was one. */
  status?: number;
  /** The provider asked to wait this long. */
  retryAfterSeconds?: number;
  cause?: unknown;
};

/** A provider refused, or did not answer in a way that can be read. The message is the provider's own reason, without keys or personal data. */
export class ProviderError extends Error {
  override name = 'ProviderError';
  readonly provider: string;
  readonly fault: Fault;
  readonly status: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, details: ProviderErrorDetails) {
    super(message, { cause: details.cause });
    this.provider = details.provider;
    this.fault = details.fault;
    this.status = details.status;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** ringback.config.ts, the environment or a secret is wrong; the message names the path and the rule. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

/** Where an error came from, for a log: names and places of it and its causes, without the messages, which may quote what a visitor sent. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const places = error.stack?.replace(error.message, '').match(/^ +at .+$/gm) ?? [];
  const cause = error.cause === undefined ? '' : `, caused by ${traceOf(error.cause)}`;
  return `${error.name} ${places.map((place) => place.trim()).join(' ')}${cause}`;
}
