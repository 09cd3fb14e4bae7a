import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePhone } from '#shared/lead/phone.ts';

describe('a Russian number is understood in every way people write it', () => {
  test.each([
    ['eight in front', '89161234567'],
    ['plus seven', '+79161234567'],
    ['seven without the plus', '79161234567'],
    ['ten digits', '9161234567'],
    ['brackets and dashes', '8 (916) 123-45-67'],
    ['brackets without spaces', '+7(916)1234567'],
    ['dots', '+7.916.123.45.67'],
    ['slashes', '8/916/123/45/67'],
    ['no-break spaces', '+7\u00a0916\u00a0123\u00a045\u00a067'],
    ['thin and narrow spaces', '8\u2009916\u202f123\u200945\u200967'],
    ['tabs and spaces around', '\t 8 916 123 45 67 \n'],
    ['long dashes', '8 916 123—45–67'],
    ['a minus sign', '8 916 123−45−67'],
    ['non-breaking hyphens', '8‑916‑123‑45‑67'],
    ['full-width digits', '＋７９１６１２３４５６７'],
    ['a tel: link', 'tel:+7-916-123-45-67'],
    ['the word in Russian', 'тел. 8 916 123 45 67'],
    ['a callto: link', 'callto:+79161234567'],
    ['the word for a mobile in Russian', 'моб.: 8 916 123 45 67'],
    ['the code in brackets', '(+7) 916 123-45-67'],
    ['underscores', '8_916_123_45_67'],
    ['the invisible marks of an address book', '\u202a+7\u00a0(916)\u00a0123-45-67\u202c'],
    ['a zero-width space', '8916\u200b1234567'],
    ['plus and the inland eight', '+8 916 123 45 67'],
    ['both codes', '+7 8 916 123 45 67'],
    ['the international prefix', '8 10 7 916 123 45 67'],
  ])('%s', (_way, text) => {
    expect(parsePhone(text, ['RU'])).toEqual({ phone: '+79161234567' });
  });

  test('a landline, in an area whose code begins with 8 too', () => {
    expect(parsePhone('8 (495) 123-45-67', ['RU'])).toEqual({ phone: '+74951234567' });
    expect(parsePhone('(8352) 12-34-56', ['RU'])).toEqual({ phone: '+78352123456' });
  });
});

describe('a number that must not be rung is refused, with the reason', () => {
  test.each([
    ['nothing', '', 'required'],
    ['only spaces', ' \u00a0 ', 'required'],
    ['words', 'позвоните мне', 'invalid'],
    ['a digit too few', '+7 916 123-45-6', 'digits_missing'],
    ['a digit too few, without a code', '916 123 45 6', 'digits_missing'],
    ['a digit too few after the inland eight', '8 (916) 123-45-6', 'digits_missing'],
    ['a digit too few, all in one', '8916123456', 'digits_missing'],
    ["a digit too few, which would make another area's number", '8 (351) 234-56-7', 'digits_missing'],
    ['a digit too many', '+7 916 123-45-678', 'digits_extra'],
    ['an area that does not exist', '+7 000 000-00-00', 'invalid'],
    ['an extension in Russian', '+7 495 123-45-67 доб. 12', 'extension'],
    ['an extension in English', '+7 495 123-45-67 ext. 12', 'extension'],
    ['an extension after a hash', '8 495 123 45 67 #123', 'extension'],
    ['an extension after a comma', '84951234567,12', 'extension'],
    ['an extension as a link has it', 'tel:+7-495-123-45-67;ext=12', 'extension'],
    ['two numbers', '89161234567, 89161234568', 'invalid'],
    ['an emergency number', '112', 'digits_missing'],
    ['an emergency number of old', '02', 'digits_missing'],
    ['a premium number', '8 809 123-45-67', 'kind'],
    ['a televoting number', '8 803 123-45-67', 'kind'],
    ['a toll-free number', '8 800 555-35-35', 'kind'],
    ['a neighbour under the same code', '+7 701 123 45 67', 'country'],
    ['another country', '+375 29 123 45 67', 'country'],
    ['a premium number abroad', '+1 900 555 1234', 'country'],
    ['a satellite network', '+881 612 345 678', 'country'],
    ['a text without an end', '9'.repeat(60_000), 'invalid'],
    ['a heap of marks', '\u0345'.repeat(30_000) + '\u0334'.repeat(30_000), 'invalid'],
  ])('%s', (_case, text, problem) => {
    expect(parsePhone(text, ['RU'])).toEqual({ problem });
  });
});

describe('a form for several countries', () => {
  test.each([
    ['+375 29 123-45-67', '+375291234567'],
    ['8 916 123 45 67', '+79161234567'],
    ['+7 701 123 45 67', '+77011234567'],
  ])('takes %s', (text, phone) => {
    expect(parsePhone(text, ['RU', 'BY', 'KZ'])).toEqual({ phone });
  });

  test('reads an inland number by the first country that has it', () => {
    expect(parsePhone('030 123456', ['RU', 'DE'])).toEqual({ phone: '+4930123456' });
  });
});

test('a service number of one country is not read as a number of the next', () => {
  expect(parsePhone('8 800 555 35 35', ['RU', 'DE'])).toEqual({ problem: 'kind' });
  expect(parsePhone('8 800 555 35 35', ['DE'])).not.toEqual({ problem: 'kind' });
});

test('whatever is typed, the answer is a number in E.164 or a problem', () => {
  const typed = fc.string({ unit: fc.oneof(fc.constantFrom(...'+78 ()-916123450\u00a0доб;#'), fc.string()) });
  fc.assert(
    fc.property(typed, (text) => {
      const result = parsePhone(text, ['RU', 'DE']);
      if ('phone' in result) expect(result.phone).toMatch(/^\+(7|49)\d{5,13}$/);
      else expect(result.problem).not.toBe('');
    }),
  );
});
