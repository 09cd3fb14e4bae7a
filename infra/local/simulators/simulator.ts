import type { Clock } from '#shared/ports.ts';

/** A call that a simulated provider has accepted. Times are milliseconds since 1970 UTC. */
export type CallRecord = {
  id: string;
  /** Account id of ringback.config.ts. */
  account: string;
  /** Digits only. */
  client: string;
  manager: string;
  /** What a manager hears when picking up. */
  text: string;
  orderedAt: number;
  /** When the phone is to ring: `orderedAt`, or later for a deferred call. */
  ringAt: number;
  /** Everything the order carried, for the statistics and for the demo page. */
  params: Record<string, string>;
};

/** Where accepted calls are kept, so that a provider remembers them although the host was killed. */
export type CallJournal = { records: CallRecord[]; add(record: CallRecord): void };

export function createMemoryJournal(): CallJournal {
  const records: CallRecord[] = [];
  return { records, add: (record) => void records.push(record) };
}

export type SimulatorRequest = {
  method: string;
  /** Without the query. */
  path: string;
  query: URLSearchParams;
  headers: Record<string, string>;
  body: string;
  /** Address of the caller: tokens and limits are bound to it. */
  address: string;
};

export type SimulatorResponse = { status: number; body: string; headers?: Record<string, string> };

/** How a phone stands right now, for the demo page. */
export type PhoneState = 'waiting' | 'ringing' | 'talking' | 'over';

export type SimulatedCall = CallRecord & {
  provider: string;
  state: PhoneState;
  /** The provider's own status, such as `200/200`. */
  status: string;
};

/** A provider as its document describes it: strict about what is required, with the documented errors and a state of its own. */
export type Simulator = {
  provider: string;
  handle(request: SimulatorRequest): SimulatorResponse;
  /** All calls, oldest first, as they stand now: a call's progress is a function of the time since it was ordered. */
  calls(): SimulatedCall[];
  /** New calls turn up in the lists only after this many milliseconds. */
  setListLag(ms: number): void;
  /** Forgets all session tokens, where the provider has any. */
  revokeTokens(): void;
};

export type SimulatorOptions = {
  /** Accounts of this provider by id, secrets resolved. */
  accounts: Record<string, Record<string, unknown>>;
  clock: Clock;
  journal: CallJournal;
  /** Number of the next call; ids must not repeat over restarts. */
  random: () => number;
};
