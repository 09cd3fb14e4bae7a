import * as z from 'zod';

/** A day of UTC, `2026-01-31`. */
export type Day = string;

const dayMs = 86_400_000;

export const daySchema = z
  .string()
  .refine(isDay, 'must be a day such as 2026-11-22, not before 2000')
  .transform((text) => dayAt(Date.parse(text)));

/** A day that there is, or an instant of one with its zone: engines read `2026-02-30` as well, and much else. No call is older than 2000. */
function isDay(text: string): boolean {
  const [, day] = /^([2-9]\d{3}-\d\d-\d\d)(?:T.*(?:Z|[+-]\d\d:\d\d))?$/.exec(text) ?? [];
  const isThere = day !== undefined && new Date(`${day}T00:00Z`).toJSON()?.startsWith(day);
  return isThere === true && !Number.isNaN(Date.parse(text));
}

export function dayAt(instant: number): Day {
  return new Date(instant).toISOString().slice(0, 10);
}

export function addDays(day: Day, count: number): Day {
  return dayAt(Date.parse(day) + count * dayMs);
}

/** From the first instant of the day to the first of the next, milliseconds since 1970 UTC. */
export function windowOf(day: Day): { from: number; to: number } {
  const from = Date.parse(day);
  return { from, to: from + dayMs };
}

/** How many days there are from `from` to `to`, both included. */
export function countDays(from: Day, to: Day): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1);
}
