import { parseArgs } from 'node:util';
import { applyMutant } from './apply-mutant.ts';
import { runSeeds, type Totals } from './run-seeds.ts';

/** So many of the seeds are played with the other design, too. */
const comparedSeeds = 2_000;
const shownFindings = 20;

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, seed: { type: 'string' }, mutant: { type: 'string' } },
});
const { mutant } = values;
const count = positive('seeds', values.seeds);
const from = values.seed === undefined ? 1 : positive('seed', values.seed);

if (count === 1) await printHistory();
const compared = Math.min(count, comparedSeeds);
const totals = await runSeeds({ from, count: compared, mutant, onSeed: showProgress });
if (count > 1 && mutant === undefined) await compare(totals);
if (count > compared) {
  const rest = await runSeeds({ from: from + compared, count: count - compared, mutant, onSeed: showProgress });
  for (const kind of ['seeds', 'wishes', 'lost', 'double', 'held', 'unfinished', 'unexpected'] as const) {
    totals[kind] += rest[kind];
  }
  totals.findings.push(...rest.findings);
}
report(totals);
process.exitCode = totals.findings.length > 0 ? 1 : 0;

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number from 1\n`);
  process.exit(2);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

async function printHistory(): Promise<void> {
  if (mutant !== undefined) applyMutant(mutant);
  // Loaded only now, so that a mutant is in place.
  const { runSeed } = await import('./run-seed.ts');
  try {
    await runSeed(from, { trace: print });
  } catch (error) {
    print(`crashed: ${error instanceof Error ? error.stack : error}`);
  }
}

function showProgress({ seeds, findings }: Totals): void {
  if (seeds % 1_000 === 0) process.stderr.write(`${seeds} more seeds, ${findings.length} findings\n`);
}

/** The same visitors and the same faults, met by what one would build from the usual parts. */
async function compare(own: Totals): Promise<void> {
  const textbook = await runSeeds({ from, count: compared, design: 'textbook' });
  const line = ({ lost, double, held }: Totals) => `${lost} lost, ${double} double, ${held} held`;
  print(`The first ${compared} seeds (${own.wishes} wishes), by design:`);
  print(`  ringback:                             ${line(own)}`);
  print(`  idempotency wrapper and redelivery:   ${line(textbook)}`);
}

function report({ findings, seeds, lost, unexpected, double, held, unfinished }: Totals): void {
  const option = mutant === undefined ? '' : ` --mutant ${mutant}`;
  for (const { seed, words } of findings.slice(0, shownFindings)) {
    print(`seed ${seed}: ${words}`);
    print(`  again: npm run -s simulate -- --seeds 1 --seed ${seed}${option}`);
  }
  if (findings.length > shownFindings) print(`and ${findings.length - shownFindings} more`);
  if (unexpected > 0) print(`${unexpected} unexpected findings are counted as lost`);
  print(`${seeds} seeds: ${lost + unexpected} lost, ${double} double, ${held} held, ${unfinished} unfinished`);
}
