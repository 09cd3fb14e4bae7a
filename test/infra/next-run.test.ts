import { expect, test } from 'vitest';
import { longestGap, nextRun } from '../../infra/next-run.ts';

const start = Date.parse('2026-11-22T09:00:30Z');
const next = (expression: string, timeZone = 'UTC') => new Date(nextRun({ expression, timeZone }, start)).toISOString();
const hour = 60 * 60_000;

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

test.each([
  ['rate(30 minutes)', 0.5],
  ['rate(1 hour)', 1],
  ['cron(0 3 * * ? *)', 24],
  ['cron(0 9-18 ? * MON-FRI *)', 15 + 48],
  ['cron(0 3 ? * 2 *)', 7 * 24],
])('%s leaves %d hours between two runs at most', (expression, hours) => {
  expect(longestGap({ expression, timeZone: 'UTC' })).toBe(hours * hour);
});

test('a schedule that ends leaves a gap without end', () => {
  expect(longestGap({ expression: 'cron(0 3 * * ? 2026)', timeZone: 'UTC' })).toBe(Number.POSITIVE_INFINITY);
});
