import { readFile, writeFile } from 'node:fs/promises';
import { cpus, loadavg, release, totalmem, type } from 'node:os';
import { pricePerMillion } from './cost/lead-price.ts';
import { goalsOf } from './goals.ts';
import { withTable } from './page.ts';
import { report } from './report.ts';
import type { Results } from './results.ts';
import { measureDrain } from './sections/drain.ts';
import { measureFunctions } from './sections/functions.ts';
import { measureGrowth } from './sections/growth.ts';
import { countRequests } from './sections/requests.ts';
import { measureStatsPull } from './sections/stats-pull.ts';
import { measureWay } from './sections/way.ts';

// `npm run -s bench`: prints the tables, and writes them to docs/performance.md and the results to bench/results.json.
const startedAt = Date.now();
const machine = {
  processor: cpus()[0]?.model ?? 'unknown processor',
  cores: cpus().length,
  memoryGb: Math.round(totalmem() / 1024 ** 3),
  system: `${type()} ${release()}`,
  node: process.version,
  loadBefore: loadavg()[0] ?? 0,
};

async function section<Result>(name: string, measure: () => Promise<Result>): Promise<Result> {
  process.stderr.write(`${name} …\n`);
  return measure();
}

const functions = await section('sizes, cold starts and warm invocations', measureFunctions);
const way = await section('the way from form to provider', measureWay);
const growth = await section('growth', measureGrowth);
const requests = await section('requests', countRequests);
const drain = await section('drain', measureDrain);
const statsPull = await section('the pull of statistics', measureStatsPull);
const results: Results = {
  machine,
  startedAt: new Date(startedAt).toISOString(),
  minutes: (Date.now() - startedAt) / 60_000,
  functions,
  requests,
  price: pricePerMillion(requests['one delivery']),
  way,
  drain,
  growth,
  statsPull,
};
await writeFile('bench/results.json', `${JSON.stringify(results, null, 2)}\n`);
const page = 'docs/performance.md';
await writeFile(page, withTable(await readFile(page, 'utf8'), report(results)));
process.stdout.write(`${report(results)}\n`);
const missed = goalsOf(results).filter(({ isMet }) => !isMet);
process.stdout.write(
  `\n${missed.length === 0 ? 'every goal met' : `missed: ${missed.map(({ name }) => name).join('; ')}`}\n`,
);
