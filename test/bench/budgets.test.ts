import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import { pricePerMillion } from '../../bench/cost/lead-price.ts';
import { drainGoals, requestGoals, requestPriceGoal, sizeGoals } from '../../bench/goals.ts';
import { typical } from '../../bench/harness/typical.ts';
import { drain } from '../../bench/sections/drain.ts';
import { countRequests } from '../../bench/sections/requests.ts';
import { bundleFunctions } from '../../infra/bundle.ts';

const missed = (goals: ReturnType<typeof sizeGoals>) => goals.filter(({ isMet }) => !isMet);

test('no bundle is larger than its budget, and every function has one', async () => {
  const names = Object.keys(environments) as FunctionName[];
  const folder = await mkdtemp(join(tmpdir(), 'ringback-budgets-'));
  try {
    const bundles = await bundleFunctions(names, typical, folder);
    const sizes = names.map(async (name) => [name, (await stat(join(bundles[name], 'index.cjs'))).size] as const);
    const bytes = Object.fromEntries(await Promise.all(sizes));
    expect(sizeGoals(bytes).map(({ name }) => name)).toEqual(
      expect.arrayContaining(names.map((name) => `bytes, ${name}`)),
    );
    expect(missed(sizeGoals(bytes))).toEqual([]);
    expect(missed(sizeGoals({ ...bytes, 'submit-form': 400_001 }))).toHaveLength(1);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('no lead of two kilobytes asks AWS for more than its budget', { timeout: 180_000 }, async () => {
  const requests = await countRequests();
  expect(requests['one delivery'].leadBytes).toBeGreaterThanOrEqual(2048);
  expect(missed(requestGoals(requests))).toEqual([]);
  expect(requestPriceGoal(pricePerMillion(requests['one delivery'])).isMet).toBe(true);
  const dearer = { ...requests, 'one delivery': { ...requests['one delivery'], writeUnits: 10 } };
  expect(missed(requestGoals(dearer))).toEqual([expect.objectContaining({ name: 'one delivery, writeUnits' })]);
  expect(requestPriceGoal(pricePerMillion(dearer['one delivery'])).isMet).toBe(false);
});

test('many leads at once use what the provider allows, and no more', { timeout: 180_000 }, async () => {
  const drained = await drain(10_000, 1);
  expect(missed(drainGoals(drained))).toEqual([]);
  expect(missed(drainGoals({ shareOfLimit: 0.94, refused: 1 }))).toHaveLength(2);
});
