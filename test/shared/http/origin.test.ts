import { expect, test } from 'vitest';
import { isAllowedOrigin, pageOf } from '#shared/http/origin.ts';

const origins = ['https://acme.example', 'https://www.acme.example'];

test.each([
  ['one of its origins', { origin: 'https://www.acme.example' }],
  ['a page of its, where only Referer comes', { referer: 'https://acme.example/a?b' }],
  ['the error page of this host', { origin: 'https://forms.example', host: 'forms.example' }],
  ['nothing said', {}],
])('%s is let in', (_case, headers) => {
  expect(isAllowedOrigin(origins, headers)).toBe(true);
});

test.each([
  ['another site', { origin: 'https://evil.example' }],
  ['an origin in which its own is only a part', { origin: 'https://acme.example.evil' }],
  ['a page that hides its origin', { origin: 'null' }],
  ['another site with a referer of ours', { origin: 'https://evil.example', referer: 'https://acme.example/' }],
  ['a referer elsewhere', { referer: 'https://evil.example/https://acme.example/' }],
  ['a referer that cannot be read', { referer: 'about:blank#' }],
  ['an empty origin', { origin: '' }],
  ['another scheme', { origin: 'http://acme.example' }],
])('%s is not', (_case, headers) => {
  expect(isAllowedOrigin(origins, { host: 'forms.example', ...headers })).toBe(false);
});

test.each([
  [
    'the whole address by Referer',
    { origin: 'https://acme.example', referer: 'https://acme.example/a?b' },
    'https://acme.example/a?b',
  ],
  ['the origin, where the address is hidden', { origin: 'https://www.acme.example' }, 'https://www.acme.example/'],
  ['the first origin, where nothing of it is said', {}, 'https://acme.example/'],
  [
    'the first origin, for a page of another host',
    { referer: 'https://forms.example/f/main' },
    'https://acme.example/',
  ],
  [
    'the origin, for a form that was mended on the error page',
    { host: 'acme.example', origin: 'https://acme.example', referer: 'https://acme.example/f/main' },
    'https://acme.example/',
  ],
])("the form's page: %s", (_case, headers, page) => {
  expect(pageOf(origins, { headers, query: new URLSearchParams() })).toBe(page);
});

test("the form's page is what the error page has kept, if it is one of the form's origins", () => {
  const headers = { host: 'forms.example', origin: 'https://forms.example', referer: 'https://forms.example/f/main' };
  const keeping = (page: string) => pageOf(origins, { headers, query: new URLSearchParams({ page }) });
  expect(keeping('https://www.acme.example/ty')).toBe('https://www.acme.example/ty');
  expect(keeping('https://evil.example/ty')).toBe('https://acme.example/');
  expect(keeping('javascript:alert(1)')).toBe('https://acme.example/');
});
