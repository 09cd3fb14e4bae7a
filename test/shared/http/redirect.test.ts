import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chooseRedirect } from '#shared/http/redirect.ts';

const form = { origins: ['https://acme.example', 'https://www.acme.example'], redirect: 'https://acme.example/done' };
const page = 'https://acme.example/prices/list';

describe('_next inside the form’s origins is followed', () => {
  test.each([
    ['/thanks', 'https://acme.example/thanks'],
    ['thanks.html', 'https://acme.example/prices/thanks.html'],
    ['?sent=1#top', 'https://acme.example/prices/list?sent=1#top'],
    ['../a', 'https://acme.example/a'],
    ['/спасибо', 'https://acme.example/%D1%81%D0%BF%D0%B0%D1%81%D0%B8%D0%B1%D0%BE'],
    ['/a%20b?c=d%2Fe', 'https://acme.example/a%20b?c=d%2Fe'],
    ['/a?to=https://evil.example', 'https://acme.example/a?to=https://evil.example'],
    ['https://acme.example', 'https://acme.example/'],
    ['https://www.acme.example/x', 'https://www.acme.example/x'],
    ['HTTPS://ACME.example/x', 'https://acme.example/x'],
  ])('%s', (next, location) => {
    expect(chooseRedirect(next, form, page)).toBe(location);
  });
});

describe('_next that leads elsewhere gives way to the form’s own redirect', () => {
  test.each([
    undefined,
    '',
    '//evil',
    '//evil.example/a',
    '///evil.example',
    '/\\evil.example',
    '\\\\evil.example',
    'https:/\\evil',
    'https:evil.example',
    'https:/evil.example',
    'https:///evil.example',
    'https://evil.example',
    'http://acme.example/',
    'https://acme.example:8443/',
    'https://acme.example.evil/',
    'https://evilacme.example/',
    'https://acme.example@evil',
    'https://good@evil',
    'https://user@acme.example/',
    'javascript:alert(1)',
    'java\tscript:alert(1)',
    ' javascript:alert(1)',
    'data:text/html,x',
    '/a%0d%0aSet-Cookie:x=1',
    '/a%0Ab',
    '/a\r\nSet-Cookie: x=1',
    '/a%5cb',
    '/%09/evil.example',
    '\t//evil.example',
    '/\u0000',
    `/${'a'.repeat(2048)}`,
    'https://[',
  ])('%j', (next) => {
    expect(chooseRedirect(next, form, page)).toBe(form.redirect);
  });
});

test('without a redirect there is none', () => {
  expect(chooseRedirect('//evil', { origins: form.origins }, page)).toBeUndefined();
});

test('whatever is asked for, the browser stays on the form’s origins', () => {
  const pieces = fc.constantFrom(
    '/',
    '\\',
    ':',
    '@',
    '.',
    '?',
    '#',
    '%',
    'https',
    'evil.example',
    'acme.example',
    '\t',
    '\n',
    '%2f',
    '%5c',
  );
  const next = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.array(pieces).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(next, (asked) => {
      const location = chooseRedirect(asked, form, page) ?? '';
      expect(form.origins).toContain(new URL(location).origin);
      expect(location).not.toMatch(/[\s\\]/);
    }),
  );
});
