import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { LogDetails } from '#shared/log.ts';
import { crashQuietly } from '#shared/quiet-crash.ts';

function createHandler(work: (phone: string) => Promise<string>) {
  const logged: [string, LogDetails | undefined][] = [];
  return { logged, handler: crashQuietly((event, details) => void logged.push([event, details]), work) };
}

test('what a handler throws is logged by its place, and neither logged nor thrown on by its words', async () => {
  const { logged, handler } = createHandler(async (phone) => {
    throw new TypeError(`no number: ${phone}`, { cause: new RangeError(`${phone} is too long`) });
  });
  const thrown = await handler('+79161112233').catch((error: Error) => error);
  expect(logged).toEqual([
    ['function crashed', { error: expect.stringMatching(/TypeError at .*quiet-crash.*caused by RangeError/) }],
  ]);
  expect(thrown).toMatchObject({ name: 'CrashError' });
  expect(inspect([logged, thrown], { depth: 9, showHidden: true })).not.toContain('9161112233');
});

test('what a handler answers comes through', async () => {
  const { logged, handler } = createHandler(async (phone) => `rang ${phone}`);
  expect(await handler('+79161112233')).toBe('rang +79161112233');
  expect(logged).toEqual([]);
});
