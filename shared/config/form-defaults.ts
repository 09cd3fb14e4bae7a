/** What a form does unless it says otherwise, and what still holds for the leads of a form that has left the config. Times in milliseconds. */
export const formDefaults = {
  staleAfter: 30 * 60_000,
  phoneLimit: { calls: 5, perHours: 24 },
  retentionDays: 365,
};
