import { Cron } from 'croner';
import type { Clock } from '#shared/ports.ts';
import type { ScheduleDefinition } from './template.ts';

/** Queues are empty after a restart until the sweeper has refilled them, so nothing waits for its first regular time. */
export const firstRunMs = 10_000;

const unitMs: Record<string, number> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** When a schedule runs next after this instant (milliseconds since 1970 UTC). Throws on an expression that is not EventBridge's. */
export function nextRun({ expression, timeZone }: Pick<ScheduleDefinition, 'expression' | 'timeZone'>, after: number) {
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

export type Scheduler = {
  /** Runs all that is due by the clock; to be called at least every second. */
  tick(): void;
};

/** `run` must not throw: a failed run is its own affair, the next one comes in its time. */
export function createScheduler(
  schedules: ScheduleDefinition[],
  run: (schedule: ScheduleDefinition) => void,
  clock: Clock,
): Scheduler {
  const start = clock();
  const due = new Map(
    schedules.map((schedule) => {
      // An expression that cannot be read stops the start, not the second run.
      nextRun(schedule, start);
      return [schedule, start + firstRunMs];
    }),
  );
  return {
    tick() {
      const now = clock();
      for (const [schedule, at] of due) {
        if (at > now) continue;
        due.set(schedule, nextRun(schedule, now));
        run(schedule);
      }
    },
  };
}
