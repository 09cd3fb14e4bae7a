import { billFor, egressOf } from './bill.ts';
import { type Measured, measure } from './measure.ts';
import { pages, prices } from './prices.ts';

const sample = 40;
const months = [1_000, 100_000, 1_000_000];

const measured = await measure(sample);
process.stdout.write(`${report(measured)}\n`);

function report(measuredCounts: Measured): string {
  const bills = months.map((leads) => billFor(leads, measuredCounts));
  const services = Object.keys(bills[0]?.byService ?? {});
  const dollars = (amount: number) => amount.toFixed(2);
  const rows = [
    ...services.map((service) => [service, ...bills.map(({ byService }) => dollars(byService[service] ?? 0))]),
    ['**together, dollars a month**', ...bills.map(({ total }) => `**${dollars(total)}**`)],
  ];
  const egress = (['none', 'nat-instance', 'nat-gateway'] as const).map((kind) => `${kind} ${dollars(egressOf(kind))}`);
  const sources = Object.entries(pages).map(([what, page]) => `${what}: [${page}](https://aws.amazon.com/${page}/)`);
  return [
    `Counted over ${sample} leads on ${process.version}, prices of ${prices.region} as of ${prices.asOf}.`,
    '',
    `| leads a month | ${months.map((leads) => leads.toLocaleString('en')).join(' | ')} |`,
    `| --- | ${months.map(() => '---:').join(' | ')} |`,
    ...rows.map((cells) => `| ${cells.join(' | ')} |`),
    '',
    `Egress comes on top: ${egress.join(', ')}.`,
    '',
    `Where the prices stand: ${sources.join('; ')}.`,
    '',
    counted(measuredCounts),
  ].join('\n');
}

function counted({ leads, delivery, firstPull, nextPull }: Measured): string {
  const per = (amount: number) => (amount / leads).toFixed(1);
  const functions = Object.entries(delivery.functions).map(
    ([name, { invocations, ms }]) =>
      `${name.replace(/[0-9A-F]{8}$/, '')} ${per(invocations)} × ${(ms / invocations).toFixed(0)} ms`,
  );
  return [
    '| counted per lead | |',
    '| --- | --- |',
    `| DynamoDB writes (units, index entries included) | ${per(delivery.writes)} (${per(delivery.writeUnits)}) |`,
    `| DynamoDB reads (units) | ${per(delivery.reads)} (${per(delivery.readUnits)}) |`,
    `| stored | ${per(delivery.itemBytes)} bytes |`,
    `| messages sent | ${per(delivery.sends)} |`,
    `| invocations × time | ${functions.join(', ')} |`,
    `| log | ${per(delivery.logBytes)} bytes |`,
    `| its call pulled for the first time | ${per(firstPull.writeUnits)} write units, ${per(firstPull.readUnits)} read units |`,
    `| its call read again with the day | ${per(nextPull.writeUnits)} write units, ${per(nextPull.readUnits)} read units |`,
  ].join('\n');
}
