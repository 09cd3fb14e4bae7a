export const callOutcomes = [
  'scheduled',
  'in-progress',
  'answered',
  // A voice notice reached the client: nobody was to talk.
  'notified',
  'no-answer',
  'busy',
  'unavailable',
  'wrong-number',
  'blocked',
  'cancelled',
  'duplicate',
  // The order was taken without a call.
  'not-called',
  'test',
  'technical',
  'account',
  'unknown',
] as const;

/** What became of a call, in one word that all providers' statuses share. */
export type CallOutcomeKind = (typeof callOutcomes)[number];

export const failedSides = ['none', 'client', 'manager', 'operator', 'account', 'system'] as const;

/** On whose side it failed; `operator` is the telephone company, `system` the provider itself. */
export type FailedSide = (typeof failedSides)[number];
