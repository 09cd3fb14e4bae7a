import { expect, test } from 'vitest';
import { isSamePhone } from '#shared/providers/same-phone.ts';

test.each(['79161112233', '+7 (916) 111-22-33', '89161112233', '9161112233'])('%s is +79161112233', (listed) => {
  expect(isSamePhone(listed, '+79161112233')).toBe(true);
});

test.each([
  ['79161112234', '+79161112233'],
  ['179161112233', '+79161112233'],
  ['', '+79161112233'],
  ['81312345678', '+91312345678'],
  ['2025550123', '+12025550123'],
  ['8375291234567', '+375291234567'],
])('%s is not %s', (listed, phone) => {
  expect(isSamePhone(listed, phone)).toBe(false);
});
