import { parseArgs } from 'node:util';
import { runSeed } from './run-seed.ts';
import { runSeeds, type Totals } from './run-seeds.ts';

/** The other design is slow to fail: so many seeds show what it does. */
const textbookSeeds = 2_000;
const shownFindings = 20;

const { values } = parseArgs({
  options: { seeds: { type: 'string', default: '1000' }, seed: { type: 'string' }, mutant: { type: 'string' } },
});
const { mutant } = values;
const count = positive('seeds', values.seeds);
const from = values.seed === undefined ? 1 : positive('seed', values.seed);

const print = (line: string) => void process.stdout.write(`${line}\n`);

if (count === 1 && mutant === undefined) {
  await runSeed(from, { trace: print });
  print('');
}
const totals = await runSeeds({ from, count, mutant, onSeed: showProgress });
process.stderr.write('\n');
report(totals);
if (count > 1 && mutant === undefined) await compare();
print(figures(totals));
process.exitCode = totals.findings.length > 0 ? 1 : 0;

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isSafeInteger(number) && number > 0) return number;
  process.stderr.write(`--${name} must be a whole number from 1\n`);
  process.exit(2);
}

function showProgress({ seeds, findings }: Totals): void {
  if (seeds % 100 === 0) process.stderr.write(`\r${seeds} of ${count} seeds, ${findings.length} findings`);
}

function report({ findings, unexpected }: Totals): void {
  const option = mutant === undefined ? '' : ` --mutant ${mutant}`;
  for (const { seed, words } of findings.slice(0, shownFindings)) {
    print(`seed ${seed}: ${words}`);
    print(`  again: npm run -s simulate -- --seeds 1 --seed ${seed}${option}`);
  }
  if (findings.length > shownFindings) print(`and ${findings.length - shownFindings} more`);
  if (unexpected > 0) print(`${unexpected} unexpected findings are counted as lost`);
}

/** The same visitors and the same faults, met by what one would build from the usual parts. */
async function compare(): Promise<void> {
  const seeds = Math.min(count, textbookSeeds);
  const [own, textbook] = [await runSeeds({ from, count: seeds }), await runSeeds({ from, count: seeds, design: 'textbook' })];
  print(`The first ${seeds} of these seeds, by design:`);
  print(`  ringback:                               ${own.lost} lost, ${own.double} double, ${own.held} held`);
  print(`  idempotency wrapper and redelivery:     ${textbook.lost} lost, ${textbook.double} double, ${textbook.held} held`);
}

function figures({ seeds, lost, unexpected, double, held, unfinished }: Totals): string {
  return `${seeds} seeds: ${lost + unexpected} lost, ${double} double, ${held} held, ${unfinished} unfinished`;
}
