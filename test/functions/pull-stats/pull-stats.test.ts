import { describe, expect, test } from 'vitest';
import { runOracle } from './run-oracle.ts';

describe('calls pulled for days through every kind of trouble', () => {
  test('are each in the export once, as they ended', async () => {
    const { expected, exported, trouble } = await runOracle({ seed: 7, days: 9, perDay: 60 });
    expect(exported).toEqual(expected);
    expect(Math.min(...Object.values(trouble)), JSON.stringify(trouble)).toBeGreaterThan(0);
  }, 60_000);
});
