import { expect, test } from 'vitest';
import { median, percentile } from '../../bench/harness/figures.ts';

test('a median is the middle, or between the two in the middle', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

test('a percentile lies between its neighbours by weight', () => {
  expect(percentile([0, 100], 0.99)).toBe(99);
  expect(percentile([5], 0.99)).toBe(5);
  expect(() => percentile([], 0.5)).toThrow('no value');
});
