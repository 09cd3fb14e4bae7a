import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isSameWindow, keyedLeadId, payloadHash, windowLeadIds } from '#shared/lead/key.ts';

const phone = '+79161234567';
const minute = 60_000;

describe('the id of a lead', () => {
  test('is the same for a key, whether it came as a header or as a field', () => {
    expect(keyedLeadId('main', 'header', 'k')).toBe(keyedLeadId('main', 'field', 'k'));
  });

  test('is another for another form, key or kind of key', () => {
    const ids = [
      keyedLeadId('main', 'field', 'k'),
      keyedLeadId('other', 'field', 'k'),
      keyedLeadId('main', 'field', 'K'),
      keyedLeadId('main', 'tilda', 'k'),
      windowLeadIds('main', phone, false, 0, 'secret').current,
      windowLeadIds('main', phone, true, 0, 'secret').current,
      windowLeadIds('other', phone, false, 0, 'secret').current,
      windowLeadIds('main', phone, false, 0, 'another secret').current,
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('is 128 bits that fit into an address', () => {
    expect(keyedLeadId('main', 'field', 'ключ')).toMatch(/^[0-9a-f]{32}$/);
  });
});

test('two forms within ten minutes meet in one window, seen from the later one, clocks up to two minutes apart', () => {
  const first = fc.integer({ min: 0, max: 4_000_000_000_000 });
  const later = fc.integer({ min: -2 * minute, max: 10 * minute - 1 });
  fc.assert(
    fc.property(first, later, (start, wait) => {
      const stored = windowLeadIds('main', phone, false, start, 'secret').current;
      const { current, neighbours } = windowLeadIds('main', phone, false, start + wait, 'secret');
      expect(stored === current || (neighbours.includes(stored) && isSameWindow(start, start + wait))).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});

test('ten minutes later they do not', () => {
  expect(isSameWindow(0, 10 * minute)).toBe(false);
});

describe('the hash of the payload', () => {
  const sent = { phone, name: 'Anna', tags: ['a', 'b'] };

  test.each([
    ['the order of the fields', { tags: ['a', 'b'], name: 'Anna', phone }],
    ['captcha tokens', { ...sent, 'smart-token': 'x', 'cf-turnstile-response': 'y' }],
    ['the key', { ...sent, _key: 'k' }],
  ])('does not depend on %s', (_part, fields) => {
    expect(payloadHash(fields)).toBe(payloadHash(sent));
  });

  test.each([
    ['a value', { ...sent, name: 'Olga' }],
    ['the order of values of one name', { ...sent, tags: ['b', 'a'] }],
    ['a field that moved into another', { phone, nam: 'eAnna', tags: ['a', 'b'] }],
    ['an advert', { ...sent, utm_source: 'ads' }],
  ])('depends on %s', (_part, fields) => {
    expect(payloadHash(fields)).not.toBe(payloadHash(sent));
  });
});
