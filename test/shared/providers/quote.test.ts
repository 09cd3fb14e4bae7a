import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { phpQuery } from '#shared/http/php-query.ts';
import { quote } from '#shared/providers/quote.ts';

const sent = {
  client: '79161112233',
  key: 'c0ffee00c0ffee00',
  fields: ['Анна Петрова'],
  comment: 'Мой сайт не открывается, заявка существует: https://shop.example',
  session: 'abc123def456',
  page: 'https://acme.example/?a=1',
  delayed: null,
  count: 10,
};

test.each([
  ['Not enough minutes', 'Not enough minutes'],
  ['The key c0ffee00c0ffee00 is wrong', 'The key … is wrong'],
  ['петрова, анна: 79161112233', '…, …: …'],
  ['+7 (916) 111-22-33 or 8-916-111-22-33', '+… or …'],
  ['write to anna.p@mail.example', 'write to …'],
  ['seen at https://acme.example/?a=1', 'seen at …'],
  ['at most 10 calls', 'at most 10 calls'],
  ['916.111.22.33 rather than 916/111/22/33 or 8_9_1_6_1_1_1_2_2_3_3', '… rather than … or …'],
  ['7 доб 916 и 111 и 22 и 33 are no number', '… are no number'],
  ['The key c0ffee00c0ffee0 is wrong, and so is 0ffee00c0ffee00', 'The key … is wrong, and so is …'],
  ['at 2 of 12 in 345 of 6789', 'at 2 of 12 in 345 of 6789'],
  ['Аннапурна', 'Аннапурна'],
  ['Такой номер уже звонил', 'Такой номер уже звонил'],
  ['заявка: такая уже существует', '…: такая уже …'],
  ['SITE-NOT-FOUND: There is no such site at acme', 'SITE-NOT-FOUND: There is no such site at acme'],
  ['comment too long: Мой сайт не открыв', 'comment too long: … … … открыв'],
  ['no session abc123def456-7', 'no session …-7'],
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
  expect(quote('bad 916.555.01.99, 916/555/01/99 to +7_916_555_01_99', undefined)).toBe('bad … to …');
});

const phpJson = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll('/', '\\/')
    .replaceAll(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

const writings: Record<string, (text: string) => string> = {
  raw: (text) => text,
  'percent-encoded': encodeURIComponent,
  'percent-encoded in small letters': (text) => encodeURIComponent(text).replaceAll(/%../g, (hex) => hex.toLowerCase()),
  'percent-encoded as PHP does': (text) => phpQuery({ v: text }).slice(2),
  'in an address': (text) =>
    new URL(`https://x.example/?v=${text.replaceAll(/[#&+%\s]/g, encodeURIComponent)}`).search.slice(3),
  'plus-encoded': (text) => new URLSearchParams({ v: text }).toString().slice(2),
  'JSON-escaped': (text) => JSON.stringify(text).slice(1, -1),
  'JSON-escaped as PHP does': phpJson,
  'in base64': (text) => Buffer.from(text).toString('base64'),
  'in base64 for addresses': (text) => Buffer.from(text).toString('base64url'),
};

describe.each(Object.entries(writings))('a value that is quoted back %s', (_writing, write) => {
  test.each(['ct+to/ken=SECRET123', 'Анна Петрова', 'a "quoted" \\ back/slash', "it's (100%) *new*~!"])(
    'is not told: %s',
    (secret) => {
      const told = quote(`GET /calls?clientApiId=${write(secret)}&page=1 failed`, { clientApiId: secret });
      expect(told).toMatch(/^GET \/calls\?clientApiId=…=*&page=1 failed$/);
    },
  );

  test('is not told whatever it is', () => {
    const leaf = fc
      .string({ unit: 'grapheme', minLength: 4, maxLength: 60 })
      .map((text) => text.toWellFormed().replaceAll('…', '.'));
    fc.assert(
      fc.property(leaf, fc.constantFrom(' ', '=', '"', '&v='), (value, before) => {
        const told = quote(`refused:${before}${write(value)} is wrong`, { deep: [{ value }] });
        expect(told).not.toContain(value);
        expect(told).not.toContain(write(value).replaceAll('=', ''));
        expect(told).toContain('…');
      }),
      { numRuns: 500 },
    );
  });
});
