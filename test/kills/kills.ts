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
const { lost, double, unexpected, unfinished, held, wishes, hostKills } = result;
for (const finding of [...lost, ...double, ...unexpected, ...unfinished]) process.stdout.write(`${finding}\n`);
process.stdout.write(`${result.kills} kills, ${hostKills} of them of the host, under ${wishes} leads: `);
process.stdout.write(`${lost.length} lost, ${double.length} double, ${unexpected.length} unexpected, `);
process.stdout.write(`${held} held, ${unfinished.length} unfinished\n`);
process.exitCode = lost.length + double.length + unexpected.length + unfinished.length > 0 ? 1 : 0;
