import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { providers } from '#shared/providers/registry.ts';
import { pagePath, providersPage, testsOf } from './providers-page.ts';

test('docs/providers.md is as the method tables of the code have it; npm run docs writes it anew', async () => {
  expect(await readFile(pagePath, 'utf8')).toBe(await providersPage());
});

test('a line for each method of each provider', async () => {
  const lines = (await providersPage())
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('`call <account> '));
  expect(lines).toHaveLength(providers.flatMap(({ methods }) => methods).length);
});

test.each(providers)('each method of $name is called by a test of its own', async (provider) => {
  const tests = await testsOf(provider);
  expect([...tests].filter(([, files]) => files.length === 0)).toEqual([]);
});
