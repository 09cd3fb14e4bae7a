import { deepStrictEqual } from 'node:assert';
import { runOracle } from './run-oracle.ts';

// `npm run -s stats-oracle`: forty days with 20,000 calls, which the tests try on a smaller scale.
const { expected, exported, trouble } = await runOracle({ seed: 2026, days: 40, perDay: 500 });
deepStrictEqual(exported, expected);
process.stdout.write(`${expected.length} calls, each in the export once, in spite of ${JSON.stringify(trouble)}\n`);
