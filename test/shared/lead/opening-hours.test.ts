import { describe, expect, test } from 'vitest';
import { nextOpening } from '#shared/lead/opening-hours.ts';

const at = (text: string) => Date.parse(text);
const opens = (open: string, timeZone: string, now: string) => {
  const opening = nextOpening({ open, timeZone }, at(now));
  return opening === undefined ? undefined : new Date(opening).toISOString();
};

/** Monday to Friday 9 to 18, Saturday 10 to 14, Sunday closed. */
const week = `${'09001800'.repeat(5)}1000140000000000`;

describe('the next opening', () => {
  test.each([
    ['before it opens', '2026-11-23T05:59:59Z', '2026-11-23T06:00:00.000Z'],
    ['at the minute of opening', '2026-11-23T06:00:00Z', undefined],
    ['while open', '2026-11-23T12:00:00Z', undefined],
    ['in the last second', '2026-11-23T14:59:59Z', undefined],
    ['at the minute of closing', '2026-11-23T15:00:00Z', '2026-11-24T06:00:00.000Z'],
    ['on Friday evening', '2026-11-27T16:00:00Z', '2026-11-28T07:00:00.000Z'],
    ['on Saturday evening: Sunday is closed', '2026-11-28T12:00:00Z', '2026-11-30T06:00:00.000Z'],
    ['on Sunday', '2026-11-29T09:00:00Z', '2026-11-30T06:00:00.000Z'],
  ])('%s', (_when, now, expected) => {
    expect(opens(week, 'Europe/Moscow', now)).toBe(expected);
  });

  test('of eight digits is every day the same', () => {
    expect(opens('09001800', 'UTC', '2026-11-28T18:00:00Z')).toBe('2026-11-29T09:00:00.000Z');
  });

  test('goes by the local day, which may be another than the day in UTC', () => {
    expect(opens('09001800', 'Asia/Vladivostok', '2026-11-22T22:30:00Z')).toBe('2026-11-22T23:00:00.000Z');
    expect(opens('09001800', 'America/New_York', '2026-11-23T02:00:00Z')).toBe('2026-11-23T14:00:00.000Z');
  });

  test('knows zones that are not whole hours off', () => {
    expect(opens('09001800', 'Asia/Kathmandu', '2026-11-23T02:00:00Z')).toBe('2026-11-23T03:15:00.000Z');
  });

  test('of a form that is never open does not come', () => {
    expect(opens('00000000', 'Europe/Moscow', '2026-11-23T12:00:00Z')).toBeUndefined();
  });

  test('a week ahead, where only one day is open and it is over', () => {
    const mondays = `09001000${'00000000'.repeat(6)}`;
    expect(opens(mondays, 'UTC', '2026-11-23T10:00:00Z')).toBe('2026-11-30T09:00:00.000Z');
  });
});

describe('where clocks are changed', () => {
  test.each([
    ['Europe/Berlin', 'the night to summer time', '2026-03-28T20:00:00Z', '2026-03-29T07:00:00.000Z'],
    ['Europe/Berlin', 'the night to winter time', '2026-10-24T20:00:00Z', '2026-10-25T08:00:00.000Z'],
    ['America/New_York', 'the night to summer time', '2026-03-07T23:30:00Z', '2026-03-08T13:00:00.000Z'],
    ['America/New_York', 'the night to winter time', '2026-10-31T23:30:00Z', '2026-11-01T14:00:00.000Z'],
    ['Australia/Lord_Howe', 'by half an hour', '2026-10-03T08:00:00Z', '2026-10-03T22:00:00.000Z'],
    ['Asia/Beirut', 'at midnight', '2026-03-28T17:00:00Z', '2026-03-29T06:00:00.000Z'],
  ])('%s, %s: nine is nine by the wall clock', (zone, _when, now, expected) => {
    expect(opens('09001800', zone, now)).toBe(expected);
  });

  test('an opening that the change skips comes with the change', () => {
    expect(opens('02300600', 'Europe/Berlin', '2026-03-28T23:00:00Z')).toBe('2026-03-29T01:00:00.000Z');
  });

  test('an opening that comes twice comes the first time', () => {
    expect(opens('02300600', 'Europe/Berlin', '2026-10-24T23:00:00Z')).toBe('2026-10-25T00:30:00.000Z');
  });
});
