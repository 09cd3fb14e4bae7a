import { Cron } from 'croner';

/** When something is to run: an expression in EventBridge's notation, and the zone that a `cron(…)` is read in. */
type Timing = { expression: string; timeZone: string };

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** When a schedule runs next after this instant (milliseconds since 1970 UTC). Throws on an expression that is not EventBridge's. */
export function nextRun({ expression, timeZone }: Timing, after: number): number {
  const [, count, unit = ''] = /^rate\(([1-9]\d*) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  if (count !== undefined) return after + Number(count) * (unitMs[unit] ?? 0);
  const [, fields] = /^cron\((.+)\)$/.exec(expression) ?? [];
  if (fields === undefined) throw new Error(`the schedule ${expression} is neither rate(…) nor cron(…)`);
  // EventBridge counts weekdays from Sunday as 1 and has a year but no seconds.
  const cron = new Cron(`0 ${fields}`, {
    mode: '7-part',
    alternativeWeekdays: true,
    sloppyRanges: true,
    timezone: timeZone,
    paused: true,
  });
  return cron.nextRun(new Date(after))?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** A month of a schedule that runs every hour, and years of one that runs once a week. */
const sampledRuns = 31 * 24;
const sampledFrom = Date.UTC(2026, 0, 1);

/** The longest time from one run of a schedule to the next, in milliseconds. */
export function longestGap(timing: Timing): number {
  let longest = 0;
  let run = nextRun(timing, sampledFrom);
  for (let count = 0; count < sampledRuns; count++) {
    const next = nextRun(timing, run);
    if (next === Number.POSITIVE_INFINITY) return next;
    longest = Math.max(longest, next - run);
    run = next;
  }
  return longest;
}
