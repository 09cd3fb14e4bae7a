import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { Argv, CommandModule } from 'yargs';
import { send } from '#shared/http/send.ts';
import { type DataSetName, dataSetNames } from '#shared/stats/data-set.ts';
import { createDeployment, type Deployment } from '../deployment.ts';
import { type Period, readPastPeriod } from '../period.ts';
import { progressBar } from '../progress.ts';
import { type ExportedDay, hooksSchema, pullsSchema, readAnswer, type ShownPull } from '../stats-answer.ts';
import { copyDay, listDays, removeGone } from '../stats-export.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type Shared = { url?: string };
type PullArgs = Shared & Period & { account?: string };
type ExportArgs = Shared & { to: string };

const text = { type: 'string', requiresArg: true } as const;

/** `ringback stats pull`, `stats export` and `stats hooks`, of a running deployment. */
export function statsCommand(terminal: Terminal): CommandModule {
  return {
    command: 'stats',
    describe: "Pull the providers' calls and leads, and bring them out as files",
    builder: (parser) =>
      parser
        .option('url', { ...text, describe: 'The deployment; the local one unless given' })
        .command(pullCommand(terminal))
        .command(exportCommand(terminal))
        .command(hooksCommand(terminal))
        .demandCommand(1, 'Say what to do with them.')
        .epilogue("The operator's token is read from RINGBACK_OPERATOR_TOKEN."),
    // Never reached: one of its commands is demanded.
    handler() {},
  };
}

function pullCommand(terminal: Terminal): CommandModule<object, PullArgs> {
  return {
    command: 'pull',
    describe: 'List the calls of the last days anew, as the schedule does, and wait until it is done',
    builder: (parser) =>
      (parser as Argv<Shared>)
        .option('account', { ...text, describe: 'Of this account only' })
        .option('from', { ...text, describe: 'The first day, such as 2026-11-01 (UTC)' })
        .option('to', { ...text, describe: 'The last day; today unless given' })
        .example('$0 stats pull', 'Before a look at the numbers')
        .example('$0 stats pull --from 2026-01-01', 'What was there before Ringback') as Argv<PullArgs>,
    async handler({ url, account, from, to }) {
      const deployment = createDeployment(url, terminal, send);
      const pulls = await pull(deployment, { account, ...readPastPeriod({ from, to }, Date.now()) }, terminal);
      for (const done of pulls) terminal.print(describe(done));
      const failed = pulls.filter(({ state }) => state === 'failed');
      if (failed.length > 0) throw new CommandError(`${failed.length} of ${pulls.length} accounts failed.`);
    },
  };
}

const pollMs = 500;
/** A pull that was cut off is taken up again as soon as its lease has run out, so it is nudged from time to time. */
const nudgeEveryMs = 20_000;
const patienceMs = 30 * 60_000;

async function pull(
  deployment: Deployment,
  asked: { account?: string | undefined } & Period,
  terminal: Terminal,
): Promise<ShownPull[]> {
  const order = { id: randomUUID(), ...asked };
  let shown = readAnswer(pullsSchema, await deployment.post('/api/stats/pulls', order)).accounts;
  const running = () => shown.some(({ state }) => state === 'running');
  let [movedAt, nudgedAt, doneBefore] = [Date.now(), Date.now(), 0];
  while (running()) {
    const done = shown.reduce((sum, { done }) => sum + done, 0);
    const total = shown.reduce((sum, { days }) => sum + days, 0);
    terminal.progress(progressBar(done, total, `days of ${shown.length} accounts`));
    if (done !== doneBefore) [movedAt, doneBefore] = [Date.now(), done];
    if (Date.now() - movedAt > patienceMs) throw new CommandError('The pull does not move on: see the log.');
    await wait(pollMs);
    if (Date.now() - Math.max(movedAt, nudgedAt) > nudgeEveryMs) {
      nudgedAt = Date.now();
      await nudge(deployment, order, shown);
    }
    shown = readAnswer(pullsSchema, await deployment.get(`/api/stats/pulls/${order.id}`)).accounts;
  }
  terminal.progress('');
  return shown;
}

async function nudge(deployment: Deployment, order: { id: string } & Period, pulls: ShownPull[]): Promise<void> {
  for (const { account, state } of pulls) {
    if (state === 'running') await deployment.post('/api/stats/pulls', { ...order, account });
  }
}

function describe({ account, state, reason, days, calls, leads, written, odd, kept }: ShownPull): string {
  if (state === 'failed') return `FAIL ${account}: ${reason}`;
  const unchanged = kept.map((day) => `; ${day} is kept as it was: the provider lists less than before`).join('');
  const listed = leads === 0 ? `${calls} calls` : `${calls} calls and ${leads} leads`;
  const strange = odd === 0 ? '' : `; ${odd} without a number that can be read: exported, but joined to no lead`;
  return `ok   ${account}: ${listed} on ${days} days, ${written} written anew${strange}${unchanged}`;
}

function exportCommand(terminal: Terminal): CommandModule<object, ExportArgs> {
  return {
    command: 'export',
    describe: 'Copy all calls and leads of the providers into a folder, as Parquet, NDJSON and CSV',
    builder: (parser) =>
      (parser as Argv<Shared>)
        .option('to', {
          ...text,
          demandOption: true,
          describe: 'The folder; what it has already is not copied again, and days that the export has no more go',
        })
        .example('$0 stats export --to calls', 'calls/provider=…/account=…/date=…/*.parquet') as Argv<ExportArgs>,
    async handler({ url, to }) {
      const deployment = createDeployment(url, terminal, send);
      const days: ExportedDay[] = [];
      for (const dataSet of dataSetNames) days.push(...(await listDays(deployment, dataSet)));
      for (const [index, day] of days.entries()) {
        terminal.progress(progressBar(index, days.length, `${day.dataSet} of ${day.account} ${day.date}`));
        await copyDay(deployment, day, to);
      }
      for (const dataSet of dataSetNames) await removeGone(days, dataSet, to);
      terminal.progress('');
      terminal.warn(`${dataSetNames.map((dataSet) => summary(dataSet, days)).join(', ')}, in ${to}`);
    },
  };
}

function summary(dataSet: DataSetName, days: ExportedDay[]): string {
  const own = days.filter((day) => day.dataSet === dataSet);
  return `${own.reduce((sum, { records }) => sum + records, 0)} ${dataSet} on ${own.length} days`;
}

function hooksCommand(terminal: Terminal): CommandModule<object, Shared> {
  return {
    command: 'hooks',
    describe: "Addresses for the providers' cabinets, where they send news of calls at once",
    builder: (parser) => (parser as Argv<Shared>).example('$0 stats hooks', 'A line for each account'),
    async handler({ url }) {
      const deployment = createDeployment(url, terminal, send);
      const { hooks } = readAnswer(hooksSchema, await deployment.get('/api/hooks'));
      for (const { account, provider, path } of hooks) {
        terminal.print([account, provider, `${deployment.origin}${path}`].join(' '));
      }
    },
  };
}
