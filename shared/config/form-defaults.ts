/** What a form does unless it says otherwise, and what still holds for the leads of a form that has left the config. Times in milliseconds. */
export const formDefaults = {
  staleAfter: 30 * 60_000,
  phoneLimit: { calls: 5, perHours: 24 },
  /** Of one address: an office behind one address stays far below, and Tilda's webhooks, which all come from a few. */
  rateLimit: { requests: 300, perSeconds: 60 },
  retentionDays: 365,
};
