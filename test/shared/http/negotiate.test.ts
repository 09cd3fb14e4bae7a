import { expect, test } from 'vitest';
import { chooseLanguage, wantsJson } from '#shared/http/negotiate.ts';

const browser = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8';

test.each([
  ['X-Requested-With', { 'x-requested-with': 'fetch', accept: browser }],
  ['JSON before HTML', { accept: 'application/json, text/html' }],
  ['JSON at a higher quality', { accept: 'text/html;q=0.5, application/json' }],
  ['JSON in capitals', { accept: 'Application/JSON' }],
  ['HTML that is not wanted at all', { accept: 'text/html;q=0, application/json;q=0.1' }],
  ['a request in JSON that says nothing', { accept: '*/*', 'content-type': 'application/json; charset=utf-8' }],
])('%s asks for JSON', (_case, headers) => {
  expect(wantsJson(headers)).toBe(true);
});

test.each([
  ['a browser', { accept: browser, 'content-type': 'application/x-www-form-urlencoded' }],
  ['HTML before JSON', { accept: 'text/html, application/json', 'content-type': 'application/json' }],
  ['JSON at a lower quality', { accept: 'application/json;q=0.4, text/html' }],
  ['a form that says nothing', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['a type that only begins alike', { 'content-type': 'application/jsonx' }],
])('%s asks for a page', (_case, headers) => {
  expect(wantsJson(headers)).toBe(false);
});

test.each([
  ['the field', 'en', 'ru', 'en'],
  ['a field with a region', 'en-GB', undefined, 'en'],
  ['the header, when the field names another language', 'de', 'en', 'en'],
  ['the first of the header', undefined, 'de, en;q=0.9, ru;q=0.8', 'en'],
  ['the order of wishes, not of writing', undefined, 'en;q=0.2, ru;q=0.8', 'ru'],
  ['Russian, where nothing is said', undefined, undefined, 'ru'],
  ['Russian, where there are no texts for what is said', 'de', 'fr', 'ru'],
  ['Russian, for a tag that only begins alike', 'english', undefined, 'ru'],
] as const)('the language is by %s', (_rule, field, header, expected) => {
  expect(chooseLanguage(header === undefined ? {} : { 'accept-language': header }, field)).toBe(expected);
});
