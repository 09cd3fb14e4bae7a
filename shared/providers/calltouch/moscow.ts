import { fromWallClock, toWallClock } from '../../zoned-time.ts';

/** The zone of all times that Calltouch reads and writes (assumed). */
export const timeZone = 'Europe/Moscow';
const dayMs = 86_400_000;

/** A calendar day in Moscow, `2026-01-31`. */
export type Day = string;

/** The journal of calls writes days `31/01/2026`, that of requests `01/31/2026`. */
export type DayOrder = 'day first' | 'month first';

export function dayOf(at: number): Day {
  return toWallClock(at, timeZone).slice(0, 10);
}

/** `31.01.2026 12:34:56`: the requestDate of the register document. */
export function toRequestDate(at: number): string {
  const [date = '', time = ''] = toWallClock(at, timeZone).split(' ');
  return `${date.split('-').reverse().join('.')} ${time}`;
}

/** `2026-01-31 12:34:56`: the scheduleTime of a callback. */
export function toScheduleTime(at: number): string {
  return toWallClock(at, timeZone);
}

/** `31/01/2026 12:34:56`, or undefined when it is something else; to milliseconds since 1970 UTC. */
export function readMoment(text: string): number | undefined {
  const [date = '', time = '', ...rest] = text.split(' ');
  const day = readDay(date, 'day first');
  return day !== undefined && isTime(time) && rest.length === 0 ? fromWallClock(`${day} ${time}`, timeZone) : undefined;
}

export function isRequestDate(text: string): boolean {
  const [date = '', time = '', ...rest] = text.split(' ');
  if (rest.length > 0) return false;
  return readDay(date.replaceAll('.', '/'), 'day first') !== undefined && !date.includes('/') && isTime(time);
}

/** Undefined when there is no such day, or it is written the other way round. */
export function readDay(text: string, order: DayOrder): Day | undefined {
  const match = /^(\d\d)\/(\d\d)\/(\d{4})$/.exec(text);
  if (match === null) return undefined;
  const [, one = '', two = '', year = ''] = match;
  const day = order === 'day first' ? `${year}-${two}-${one}` : `${year}-${one}-${two}`;
  const at = Date.parse(`${day}T00:00:00Z`);
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(day) ? day : undefined;
}

export function writeDay(day: Day, order: DayOrder): string {
  const [year, month, date] = day.split('-');
  return order === 'day first' ? `${date}/${month}/${year}` : `${month}/${date}/${year}`;
}

/** Three months at their shortest, February among them: what one request to a journal may ask for. */
const maxDays = 89;

/** Cuts the days from `from` to `to`, both included, into periods that one request may ask for. */
export function periods(from: Day, to: Day): { from: Day; to: Day }[] {
  const last = Date.parse(to);
  const result: { from: Day; to: Day }[] = [];
  for (let start = Date.parse(from); start <= last; start += maxDays * dayMs) {
    const end = Math.min(last, start + (maxDays - 1) * dayMs);
    result.push({ from: isoDay(start), to: isoDay(end) });
  }
  return result;
}

function isTime(text: string): boolean {
  return /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/.test(text);
}

function isoDay(at: number): Day {
  return new Date(at).toISOString().slice(0, 10);
}
