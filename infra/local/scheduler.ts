import type { Clock } from '#shared/ports.ts';
import { nextRun } from '../next-run.ts';
import type { ScheduleDefinition } from './template.ts';

/** Queues are empty after a restart until the sweeper has refilled them, so nothing waits for its first regular time. */
export const firstRunMs = 10_000;

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
