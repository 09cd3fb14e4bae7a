import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { withTable } from '../../bench/page.ts';
import { report } from '../../bench/report.ts';
import type { Results } from '../../bench/results.ts';

test('the page shows the results of the last bench, its goals as the budgets have them', async () => {
  const results: Results = JSON.parse(await readFile('bench/results.json', 'utf8'));
  const page = await readFile('docs/performance.md', 'utf8');
  expect(withTable(page, report(results))).toBe(page);
});

test('what could not be measured is said to be so in the table', async () => {
  const results: Results = JSON.parse(await readFile('bench/results.json', 'utf8'));
  const way = { ...results.way, nodeRed: { notMeasured: 'could not be installed' } };
  expect(report({ ...results, way })).toContain('| Node-RED | not measured: could not be installed |');
});
