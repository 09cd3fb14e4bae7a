import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromWallClock, toWallClock } from '#shared/zoned-time.ts';

test('writes and reads what clocks show', () => {
  const noon = Date.UTC(2026, 10, 22, 12, 0, 5, 999);
  expect(toWallClock(noon, 'Europe/Moscow')).toBe('2026-11-22 15:00:05');
  expect(toWallClock(noon, 'Asia/Vladivostok')).toBe('2026-11-22 22:00:05');
  expect(fromWallClock('2026-11-22 15:00:05', 'Europe/Moscow')).toBe(Date.UTC(2026, 10, 22, 12, 0, 5));
  expect(toWallClock(Date.UTC(2026, 0, 1), 'UTC')).toBe('2026-01-01 00:00:00');
});

test('reads nothing but this form', () => {
  for (const text of ['', '2026-11-22', '2026-11-22T15:00:05', '2026-13-22 15:00:05', '22.11.2026 15:00:05'])
    expect(fromWallClock(text, 'UTC')).toBeUndefined();
});

test('reads back every instant that it wrote, in any zone, around changes to and from summer time too', () => {
  const zone = fc.constantFrom('UTC', 'Europe/Moscow', 'Europe/Berlin', 'Asia/Kolkata', 'America/St_Johns');
  const anyTime = fc.integer({ min: Date.UTC(2000, 0) / 1000, max: Date.UTC(2040, 0) / 1000 });
  const changes = [Date.UTC(2026, 9, 25, 1), Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 10, 1, 4, 30)];
  const nearChange = fc
    .tuple(fc.constantFrom(...changes), fc.integer({ min: -20_000, max: 20_000 }))
    .map(([change, seconds]) => change / 1000 + seconds);
  fc.assert(
    fc.property(fc.oneof(anyTime, nearChange), zone, (second, timeZone) => {
      const text = toWallClock(second * 1000, timeZone);
      const read = fromWallClock(text, timeZone) ?? Number.NaN;
      expect(toWallClock(read, timeZone)).toBe(text);
      expect([0, 3_600_000]).toContain(Math.abs(read - second * 1000));
    }),
    { numRuns: 2_000 },
  );
});
