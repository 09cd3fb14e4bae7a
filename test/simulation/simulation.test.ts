import { describe, expect, test } from 'vitest';
import { exhaust } from './exhaust.ts';
import { mutants } from './mutants.ts';
import { runSeeds } from './run-seeds.ts';
import { forms } from './scenario.ts';

const minute = 60_000;
const freshSeeds = 2_000;
/** Every run of the tests plays other seeds; SIMULATION_SEED plays those of a run again. */
const baseSeed = Number(process.env['SIMULATION_SEED'] ?? Math.floor(Date.now() / 1000));

test(`${freshSeeds} fresh seeds from ${baseSeed}: nothing lost, nothing double`, { timeout: 5 * minute }, async () => {
  process.stdout.write(`simulation: base seed ${baseSeed}; again: SIMULATION_SEED=${baseSeed} npm test\n`);
  const { findings, seeds } = await runSeeds({ from: baseSeed, count: freshSeeds });
  expect({ findings, seeds }).toEqual({ findings: [], seeds: freshSeeds });
});

describe('a protocol that is broken on purpose is found out within 10,000 seeds', () => {
  test.each(Object.keys(mutants))('%s', { timeout: 5 * minute }, async (mutant) => {
    const { findings, seeds } = await runSeeds({ from: 1, count: 10_000, mutant, stopAtFirst: true });
    expect(findings.length, `it survived ${seeds} seeds`).toBeGreaterThan(0);
    // A mutant that crashes at once would prove nothing about the checker.
    expect(findings[0]?.words).not.toContain('SyntaxError');
  });

  test('a patch that fits nowhere is refused', async () => {
    await expect(runSeeds({ from: 1, count: 1, mutant: 'none' })).rejects.toThrow('there is no mutant "none"');
  });
});

describe('one lead with every single fault and a sample of the pairs', () => {
  test.each(Object.keys(forms))('by the form "%s"', { timeout: 2 * minute }, async (form) => {
    const { singles, pairs, findings } = await exhaust(form, 101);
    process.stdout.write(`exhaustive, ${form}: ${singles} single faults, ${pairs} pairs\n`);
    expect(findings).toEqual([]);
    expect(singles).toBeGreaterThan(80);
  });
});

test('textbook: the wrapper that runs again after a crash rings twice under the very same faults', async () => {
  const own = await runSeeds({ from: 1, count: 200 });
  const textbook = await runSeeds({ from: 1, count: 200, design: 'textbook' });
  expect(own.double).toBe(0);
  expect(textbook.double).toBeGreaterThan(20);
});
