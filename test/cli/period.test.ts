import { describe, expect, test } from 'vitest';
import { readPastPeriod, readPeriod } from '../../cli/period.ts';

const now = Date.UTC(2026, 10, 22, 9);

test.each([
  [{}, {}],
  [{ from: '2026-11-01' }, { from: '2026-11-01' }],
  [
    { from: '2026-11-22', to: '2026-11-22' },
    { from: '2026-11-22', to: '2026-11-22' },
  ],
])('%j are the days %j', (given, period) => {
  expect(readPeriod(given, now)).toEqual(period);
  expect(readPastPeriod(given, now)).toEqual(period);
});

describe.each([readPeriod, readPastPeriod])('%o', (read) => {
  test.each([
    [{ from: 'yesterday' }, '--from must be a day such as 2026-11-22, and is "yesterday".'],
    [{ from: '0226-11-01' }, '--from must be a day such as 2026-11-22, and is "0226-11-01".'],
    [{ from: '2026-11-22T01:00' }, '--from must be a day such as 2026-11-22, and is "2026-11-22T01:00".'],
    [{ to: '2026-02-30' }, '--to must be a day such as 2026-11-22, and is "2026-02-30".'],
    [{ to: '11/22/2026' }, '--to must be a day'],
    [{ from: '2026-11-23' }, '--from 2026-11-23 is still to come: today is 2026-11-22 (UTC).'],
    [{ from: '2026-11-02', to: '2026-11-01' }, '--from must not lie after --to.'],
  ])('refuses %j', (given, words) => {
    expect(() => read(given, now)).toThrow(words);
  });
});

test('a report may go to the end of the month, a pull may not', () => {
  expect(readPeriod({ to: '2026-11-30' }, now)).toEqual({ to: '2026-11-30' });
  expect(() => readPastPeriod({ to: '2026-11-30' }, now)).toThrow('--to 2026-11-30 is still to come');
});
