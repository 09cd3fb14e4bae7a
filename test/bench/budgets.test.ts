import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import { requestGoals, sizeGoals } from '../../bench/goals.ts';
import { typical } from '../../bench/harness/typical.ts';
import { countRequests } from '../../bench/sections/requests.ts';
import { bundleFunctions } from '../../infra/bundle.ts';

const missed = (goals: ReturnType<typeof sizeGoals>) => goals.filter(({ isMet }) => !isMet);

test('no bundle is larger than its budget, and every function has one', async () => {
  const names = Object.keys(environments) as FunctionName[];
  const folder = await mkdtemp(join(tmpdir(), 'ringback-budgets-'));
  try {
    const bundles = await bundleFunctions(names, typical, folder);
    const sizes = names.map(async (name) => [name, (await stat(join(bundles[name], 'index.mjs'))).size] as const);
    const bytes = Object.fromEntries(await Promise.all(sizes));
    expect(sizeGoals(bytes).map(({ name }) => name)).toEqual(
      expect.arrayContaining(names.map((name) => `bytes, ${name}`)),
    );
    expect(missed(sizeGoals(bytes))).toEqual([]);
    expect(missed(sizeGoals({ ...bytes, 'submit-form': 480_001 }))).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('no lead asks AWS for more than its budget', { timeout: 180_000 }, async () => {
  const requests = await countRequests();
  expect(missed(requestGoals(requests))).toEqual([]);
  const dearer = { ...requests, 'one delivery': { ...requests['one delivery'], writeUnits: 10 } };
  expect(missed(requestGoals(dearer))).toEqual([expect.objectContaining({ name: 'one delivery, writeUnits' })]);
});
