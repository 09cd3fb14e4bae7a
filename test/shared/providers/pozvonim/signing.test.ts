import fc from 'fast-check';
import { expect, test } from 'vitest';
import { signedQuery } from '#shared/providers/pozvonim/signing.ts';
import { signatureOf } from '../../../../infra/local/simulators/pozvonim/access.ts';
import vectors from '../../../vectors/pozvonim-signing.json' with { type: 'json' };

test.each(vectors)('signs as PHP does: $name', ({ token, params, query, sign }) => {
  expect(signedQuery(token, params)).toBe(`${query}&sign=${sign}`);
});

test('signs what a server that decodes and encodes again arrives at', () => {
  const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/).filter((text) => text !== 'sign');
  const value = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
  const group = fc.dictionary(name, fc.oneof(value, fc.array(value, { maxLength: 3 })), { maxKeys: 3 });
  fc.assert(
    fc.property(fc.dictionary(name, fc.oneof(value, group)), fc.string(), (params, token) => {
      const sent = new URLSearchParams(signedQuery(token, { ...params, uid: 17 }));
      expect(sent.get('sign')).toBe(signatureOf(token, sent));
    }),
    { numRuns: 1_000 },
  );
});
