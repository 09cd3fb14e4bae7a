import { expect, test } from 'vitest';
import { createScheduler, nextRun } from '../../../infra/local/scheduler.ts';

const start = Date.parse('2026-11-22T09:00:30Z');
const next = (expression: string, timeZone = 'UTC') => new Date(nextRun({ expression, timeZone }, start)).toISOString();

const schedule = (name: string, expression: string) => ({
  name,
  expression,
  timeZone: 'UTC',
  functionName: name,
  input: {},
});

function startScheduler(...schedules: ReturnType<typeof schedule>[]) {
  let now = start;
  const runs: string[] = [];
  const scheduler = createScheduler(
    schedules,
    ({ name }) => runs.push(`${name} after ${(now - start) / 1000} s`),
    () => now,
  );
  return {
    runs,
    wait(seconds: number) {
      for (let second = 0; second < seconds; second++) {
        now += 1000;
        scheduler.tick();
      }
    },
  };
}

test('runs each schedule ten seconds after the start and then by its rate', () => {
  const { runs, wait } = startScheduler(schedule('sweep', 'rate(1 minute)'), schedule('pull', 'rate(2 hours)'));
  wait(135);
  expect(runs).toEqual(['sweep after 10 s', 'pull after 10 s', 'sweep after 70 s', 'sweep after 130 s']);
});

test('follows a cron expression after the first run', () => {
  const { runs, wait } = startScheduler(schedule('pull', 'cron(5 9 * * ? *)'));
  wait(600);
  expect(runs).toEqual(['pull after 10 s', 'pull after 270 s']);
});

test('reads rates in minutes, hours and days', () => {
  expect(next('rate(5 minutes)')).toBe('2026-11-22T09:05:30.000Z');
  expect(next('rate(1 hour)')).toBe('2026-11-22T10:00:30.000Z');
  expect(next('rate(1 day)')).toBe('2026-11-23T09:00:30.000Z');
});

test('reads cron as EventBridge does: no seconds, Sunday is 1, a year, the time zone of the schedule', () => {
  expect(next('cron(0/15 * * * ? *)')).toBe('2026-11-22T09:15:00.000Z');
  expect(next('cron(0 10 ? * 2 *)')).toBe('2026-11-23T10:00:00.000Z');
  expect(next('cron(0 10 ? * MON-FRI 2027)')).toBe('2027-01-01T10:00:00.000Z');
  expect(next('cron(0 3 L * ? *)', 'Europe/Moscow')).toBe('2026-11-30T00:00:00.000Z');
});

test('never runs what lies in the past', () => {
  expect(nextRun({ expression: 'cron(0 0 1 1 ? 2020)', timeZone: 'UTC' }, start)).toBe(Number.POSITIVE_INFINITY);
});

test('refuses at the start what it cannot read', () => {
  expect(() => startScheduler(schedule('sweep', 'at(2026-11-22T10:00:00)'))).toThrow('neither rate(…) nor cron(…)');
  expect(() => startScheduler(schedule('sweep', 'cron(99 * * * ? *)'))).toThrow();
});
