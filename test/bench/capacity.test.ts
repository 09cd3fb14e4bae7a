import { marshall } from '@aws-sdk/util-dynamodb';
import { expect, test } from 'vitest';
import { itemSize, queryUnits, readUnits, writeUnits } from '../../bench/cost/capacity.ts';

const item = (value: object) => marshall(value);

test('an item is as large as its names and values', () => {
  // pk 2 + 4, n 1 + 3 for five digits + 1, list 4 + 3 + 2 × (1 + 1), flag 4 + 1
  expect(itemSize(item({ pk: 'lead', n: 12345, list: ['a', 'b'], flag: true }))).toBe(6 + 5 + 11 + 5);
  expect(itemSize(item({ имя: 'Анна' }))).toBe(6 + 8);
});

test('a put takes a unit for each kilobyte of the larger version, and one for each index entry that comes or goes', () => {
  const lead = { pk: 'lead#1', listPartition: 'callback', listSort: '2026' };
  const due = { ...lead, workPartition: 'due', workSort: '2026' };
  expect(writeUnits(undefined, item(due))).toBe(3);
  // A condition that was not met by an item that is not there.
  expect(writeUnits(undefined, {})).toBe(1);
  expect(writeUnits(item(due), item({ ...due, workSort: '2027' }))).toBe(3);
  expect(writeUnits(item(due), item(lead))).toBe(2);
  expect(writeUnits(item(lead), item({ ...lead, value: 'x'.repeat(1024) }))).toBe(2);
});

test('a read takes a unit for every four kilobytes, and one for what is not there', () => {
  expect(readUnits([item({ pk: 'a' }), undefined, item({ pk: 'x'.repeat(4096) })])).toBe(1 + 1 + 2);
});

test('a query of an index takes half a unit for every four kilobytes of all that it read', () => {
  const entry = item({ pk: 'x'.repeat(98) });
  expect(queryUnits([])).toBe(0.5);
  expect(queryUnits(Array(40).fill(entry))).toBe(0.5);
  expect(queryUnits(Array(41).fill(entry))).toBe(1);
});
