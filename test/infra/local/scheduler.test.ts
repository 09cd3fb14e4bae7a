import { expect, test } from 'vitest';
import { createScheduler } from '../../../infra/local/scheduler.ts';

const start = Date.parse('2026-11-22T09:00:30Z');

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

test('refuses at the start what it cannot read', () => {
  expect(() => startScheduler(schedule('sweep', 'at(2026-11-22T10:00:00)'))).toThrow('neither rate(…) nor cron(…)');
  expect(() => startScheduler(schedule('sweep', 'cron(99 * * * ? *)'))).toThrow();
});
