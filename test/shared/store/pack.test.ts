import { expect, test } from 'vitest';
import { pack, unpack } from '#shared/store/pack.ts';
import { makeLead } from '../../support/leads.ts';

test('any JSON comes back as it was', () => {
  const lead = makeLead({ fields: { __proto__: 'p', constructor: 'c', Ёж: ['1', ''], broken: '\ud800' } });
  for (const value of [lead, null, 0, '', [], { deep: [[{}]] }]) expect(unpack(pack(value))).toEqual(value);
});

test('what the first release packed can still be read', () => {
  const stored = 'q8bwMlKGNjQzNDI2MTUzV0I1sRYA';
  expect(unpack(Buffer.from(stored, 'base64'))).toEqual({ state: 'READY', phone: '+79161234567', reason: null });
});
