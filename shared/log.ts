/** Ids, states, counts and durations only: no phone, name, text of a visitor or key ever goes in here. */
export type LogDetails = Record<string, string | number | boolean | undefined>;

/** Writes one event as one line of JSON. */
export type Log = (event: string, details?: LogDetails) => void;

export const log: Log = (event, details = {}) => {
  process.stdout.write(`${JSON.stringify({ event, ...details })}\n`);
};
