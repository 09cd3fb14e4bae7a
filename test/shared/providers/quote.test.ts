import { expect, test } from 'vitest';
import { quote } from '#shared/providers/quote.ts';

const sent = {
  client: '79161112233',
  key: 'c0ffee00c0ffee00',
  fields: [{ name: 'Имя', value: 'Анна Петрова' }],
  page: 'https://acme.example/?a=1',
  delayed: null,
  count: 10,
};

test.each([
  ['Not enough minutes', 'Not enough minutes'],
  ['The key c0ffee00c0ffee00 is wrong', 'The key … is wrong'],
  ['петрова, анна: 79161112233', '…, …: …'],
  ['+7 (916) 111-22-33 or 8-916-111-22-33', '… or …'],
  ['write to anna.p@mail.example', 'write to …'],
  ['seen at https://acme.example/?a=1', 'seen at …'],
  ['at most 10 calls', 'at most 10 calls'],
  ['Аннапурна', 'Аннапурна'],
  [' two\n\tlines\u0000 ', 'two lines'],
  ['', ''],
])('of %j remains %j', (words, told) => {
  expect(quote(words, sent)).toBe(told);
});

test('of a very long one only whole words of the beginning are looked at', () => {
  const told = quote(`${'x'.repeat(150)} ${'79161112233 '.repeat(500)}`, sent);
  expect(told).toMatch(/^x{150}( …)+$/);
  expect(quote('a'.repeat(1_000_000), sent)).toBe('');
});

test('a long reason is cut, between characters', () => {
  const told = quote('😀'.repeat(150), sent);
  expect(told.length).toBeLessThanOrEqual(200);
  expect(told.isWellFormed()).toBe(true);
});

test('with nothing sent, long numbers and addresses are still blotted out', () => {
  expect(quote('79161112233 a@b.example busy', undefined)).toBe('… … busy');
});
