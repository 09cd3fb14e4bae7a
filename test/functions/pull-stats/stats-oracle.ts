import { deepStrictEqual } from 'node:assert';
import { readByDuckdb, sumsOf } from './duckdb-export.ts';
import { runOracle } from './run-oracle.ts';

// `npm run -s stats-oracle [-- calls]`: forty days, each with 500 calls unless told otherwise; the tests try it on a smaller scale.
const perDay = Number(process.argv[2] ?? 500);
const { expected, exported, leads, trouble, objects } = await runOracle({
  seed: 2026,
  from: '2026-10-22',
  days: 40,
  perDay,
});
deepStrictEqual(exported, expected);
deepStrictEqual(leads.exported, leads.expected);
const { sums, rows, disagreeing } = await readByDuckdb(objects);
deepStrictEqual(sums, sumsOf(expected));
deepStrictEqual([rows, disagreeing], [expected.length, 0]);
const lines = [
  `${expected.length} calls and ${leads.expected.length} leads, each in the export once, in spite of ${JSON.stringify(trouble)}`,
  `DuckDB has the same sums for ${sums.length} days of providers; Parquet, NDJSON and CSV say the same in ${rows} rows`,
];
process.stdout.write(`${lines.join('\n')}\n`);
