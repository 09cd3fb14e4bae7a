import { toWallClock } from '../zoned-time.ts';

/** `open` is CallKeeper's notation: `09001800`, or seven such days from Monday; `00000000` is closed. */
export type OpeningHours = { timeZone: string; open: string };

const minute = 60_000;
const dayMinutes = 24 * 60;

/**
 * When the next opening begins, in milliseconds since 1970 UTC; undefined while it is open, or when it never opens.
 * A wall clock time that a change to summer time skips begins at the instant of the change.
 */
export function nextOpening(hours: OpeningHours, now: number): number | undefined {
  const here = wallClock(now, hours.timeZone);
  const today = openingOf(hours.open, here.weekday);
  if (here.minutes >= today.from && here.minutes < today.to) return undefined;
  for (let ahead = 0; ahead <= 7; ahead++) {
    const { from, to } = openingOf(hours.open, (here.weekday + ahead) % 7);
    if (from === to || (ahead === 0 && here.minutes >= from)) continue;
    return toInstant({ ...here, day: here.day + ahead, minutes: from }, hours.timeZone);
  }
  return undefined;
}

/** Minutes since local midnight, from Monday = 0. */
function openingOf(open: string, weekday: number): { from: number; to: number } {
  const digits = open.length === 8 ? open : open.slice(weekday * 8, weekday * 8 + 8);
  const minutesAt = (at: number) => Number(digits.slice(at, at + 2)) * 60 + Number(digits.slice(at + 2, at + 4));
  return { from: minutesAt(0), to: minutesAt(4) };
}

type WallClock = { year: number; month: number; day: number; weekday: number; minutes: number };

function wallClock(instant: number, timeZone: string): WallClock {
  const [date = '', time = ''] = toWallClock(instant, timeZone).split(' ');
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  const [hour = 0, minutes = 0] = time.split(':').map(Number);
  const weekday = (new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7;
  return { year, month, day, weekday, minutes: hour * 60 + minutes };
}

/** The first instant at which the local clock shows this time or later. */
function toInstant({ year, month, day, minutes }: WallClock, timeZone: string): number {
  const asUtc = Date.UTC(year, month - 1, day, 0, minutes);
  const offsets = [asUtc - dayMinutes * minute, asUtc + dayMinutes * minute].map((around) =>
    offsetAt(around, timeZone),
  );
  const candidates = offsets.map((offset) => asUtc - offset).sort((a, b) => a - b);
  const exact = candidates.find((candidate) => candidate + offsetAt(candidate, timeZone) === asUtc);
  return exact ?? changeBetween(candidates as [number, number], timeZone);
}

function offsetAt(instant: number, timeZone: string): number {
  const { year, month, day, minutes } = wallClock(instant, timeZone);
  return Date.UTC(year, month - 1, day, 0, minutes) - Math.floor(instant / minute) * minute;
}

function changeBetween([from, to]: [number, number], timeZone: string): number {
  const before = offsetAt(from, timeZone);
  let instant = from;
  while (instant < to && offsetAt(instant, timeZone) === before) instant += minute;
  return instant;
}
