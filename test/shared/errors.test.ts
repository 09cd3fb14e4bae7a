import { expect, test } from 'vitest';
import { traceOf } from '#shared/errors.ts';

test('a trace has the names and places of an error and its causes, and no word of their messages', () => {
  const cause = new SyntaxError('bad text:\n    at +79161234567\n    at home');
  const trace = traceOf(new TypeError('of Canary', { cause }));
  expect(trace).toMatch(/^TypeError at .*errors\.test\.ts.*, caused by SyntaxError at .*errors\.test\.ts/);
  expect(trace).not.toMatch(/Canary|7916|home|\n/);
});

test('what is thrown without being an error is named by its type', () => {
  expect(traceOf('+79161234567')).toBe('string');
});
