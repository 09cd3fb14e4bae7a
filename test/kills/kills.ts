import { parseArgs } from 'node:util';
import { playKills } from './play-kills.ts';

const { values } = parseArgs({
  options: { leads: { type: 'string', default: '2000' }, kills: { type: 'string', default: '200' } },
});
const kills = Number(values.kills);
const result = await playKills({
  leads: Number(values.leads),
  kills,
  hostKills: Math.ceil(kills / 10),
  settleMs: 10 * 60_000,
  log: (line) => void process.stderr.write(`${line}\n`),
});
const { lost, double, held, open, acknowledged, hostKills } = result;
for (const finding of [...lost, ...double]) process.stdout.write(`${finding}\n`);
process.stdout.write(`${result.kills} kills, ${hostKills} of them of the host, under ${acknowledged} leads: `);
process.stdout.write(`${lost.length} lost, ${double.length} double, ${held} held, ${open} unfinished\n`);
process.exitCode = lost.length + double.length + open > 0 ? 1 : 0;
