import { expect, test } from 'vitest';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPullStore } from '#shared/store/pulls.ts';

test('a pull of earlier days counts as one, and takes nothing back of how far an account was pulled', async () => {
  const time = { now: 1_000 };
  let nonces = 0;
  const ports = { table: createMemoryTable(), clock: () => time.now, newNonce: () => `nonce-${++nonces}` };
  const pulls = createPullStore(ports);
  await pulls.advance('main', '2026-11-22');
  time.now = 2_000;
  await pulls.advance('main', '2026-11-20');
  expect(await pulls.pulledTo('main')).toBe('2026-11-22');
  expect(await pulls.pulledAt('main')).toBe(2_000);
});
