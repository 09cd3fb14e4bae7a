import { writeFile } from 'node:fs/promises';
import type { Argv, CommandModule } from 'yargs';
import { tryParseJson } from '#shared/http/json.ts';
import { send } from '#shared/http/send.ts';
import type { ApiLead, ApiLeadList } from '#shared/operator-api.ts';
import { addDays, dayAt } from '#shared/stats/day.ts';
import { createDeployment, type Deployment } from '../deployment.ts';
import { type Period, readPeriod } from '../period.ts';
import { progressBar } from '../progress.ts';
import type { ExportedCall } from '../report/figures.ts';
import { listDays, readFile } from '../stats-export.ts';
import { CommandError, type Terminal } from '../terminal.ts';

type ReportArgs = Period & { url?: string; out: string; zone?: string };

const defaultDays = 30;
const text = { type: 'string', requiresArg: true } as const;

/** `ringback report`: leads and calls of a running deployment on a page. */
export function reportCommand(terminal: Terminal): CommandModule<object, ReportArgs> {
  return {
    command: 'report',
    describe: 'Write a page with plots: leads, calls, answers, times, adverts, and whom to call back',
    builder: (parser) =>
      parser
        .option('url', { ...text, describe: 'The deployment; the local one unless given' })
        .option('from', { ...text, describe: 'The first day; thirty days ago unless given' })
        .option('to', { ...text, describe: 'The last day; today unless given' })
        .option('out', { ...text, demandOption: true, describe: 'The file to write, such as report.html' })
        .option('zone', {
          ...text,
          describe: "Time zone of days and hours, such as Europe/Moscow; this machine's unless given",
        })
        .example('$0 report --from 2026-11-01 --to 2026-11-30 --out november.html', 'A month') as Argv<ReportArgs>,
    async handler({ url, out, zone, ...given }) {
      const now = Date.now();
      const { to = dayAt(now), from = addDays(to, -defaultDays) } = readPeriod(given, now);
      const deployment = createDeployment(url, terminal, send);
      const timeZone = zone ?? new Intl.DateTimeFormat().resolvedOptions().timeZone;
      const [leads, calls] = [
        await readLeads(deployment, { from, to }),
        await readCalls(deployment, { from, to }, terminal),
      ];
      // Loaded for this command only: the plots' library takes a second.
      const { reportPage } = await import('../report/page.ts');
      await writeFile(out, reportPage({ leads, calls, timeZone }, { from, to }));
      terminal.warn(`${leads.length} leads and ${calls.length} calls: ${out}`);
    },
  };
}

async function readLeads(deployment: Deployment, { from, to }: { from: string; to: string }): Promise<ApiLead[]> {
  const leads: ApiLead[] = [];
  const before = addDays(to, 1);
  let cursor: string | undefined;
  do {
    // Both ends are of this repository: the API is typed by what it answers.
    const page = (await deployment.get('/api/leads', { from, to: before, cursor, limit: '100' })) as ApiLeadList;
    leads.push(...page.leads);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return leads;
}

async function readCalls(deployment: Deployment, period: Period, terminal: Terminal): Promise<ExportedCall[]> {
  const days = await listDays(deployment, 'calls', period);
  const calls: ExportedCall[] = [];
  for (const [index, day] of days.entries()) {
    terminal.progress(progressBar(index, days.length, `${day.account} ${day.date}`));
    for (const file of day.files.filter(({ format }) => format === 'ndjson')) {
      for (const line of (await readFile(deployment, file)).toString().split('\n')) {
        if (line !== '') calls.push(readCall(line, file.key));
      }
    }
  }
  terminal.progress('');
  return calls;
}

function readCall(line: string, file: string): ExportedCall {
  // This repository wrote it; the engine's own words for a line that is broken would quote it, and a phone is in it.
  const record = tryParseJson(line) as (ExportedCall & { raw?: string }) | undefined;
  if (record === undefined)
    throw new CommandError(`The file ${file} is broken: pull its day anew (ringback stats pull).`);
  const { raw: _raw, ...call } = record;
  return call;
}
