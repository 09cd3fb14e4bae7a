import { expect, test } from 'vitest';
import { readCount, readEpochSeconds, readSeconds, readText } from '#shared/stats/read-field.ts';

test('a whole number is one that every file can hold', () => {
  expect(['3', 0, 2 ** 31 - 1].map(readCount)).toEqual([3, 0, 2 ** 31 - 1]);
  expect(['1.5', -1, 2 ** 31, 'many', null].map(readCount)).toEqual([null, null, null, null, null]);
  expect([43.4, '12', 9_999_999_999, -3].map(readSeconds)).toEqual([43, 12, null, null]);
});

test('an instant is one that there is', () => {
  expect(readEpochSeconds('1795351679')).toBe(1_795_351_679_000);
  expect(readEpochSeconds('1795351679000000')).toBeNull();
  expect(readEpochSeconds('soon')).toBeNull();
});

test('half a character is none that a reader of files chokes on', () => {
  expect(readText('Anna \ud83d')).toBe('Anna \ufffd');
  expect(readText('Anna \ud83d\ude00')).toBe('Anna \ud83d\ude00');
});
