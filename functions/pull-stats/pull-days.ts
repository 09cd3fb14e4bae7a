import type { Config } from '#shared/config/schema.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { Connection } from '#shared/providers/provider.ts';
import { addDays, dayAt } from '#shared/stats/day.ts';
import type { StatsExport } from '#shared/stats/export.ts';
import type { UnfinishedStore } from '#shared/stats/unfinished.ts';
import type { Pull, PullStore } from '#shared/store/pulls.ts';
import type { Work } from './go-on.ts';
import { type DayResult, pullDay } from './pull-day.ts';
import { callsOf, leadsOf, type SourcePorts } from './sources.ts';

export type PullDaysPorts = SourcePorts & {
  config: Pick<Config, 'accounts' | 'stats'>;
  pulls: PullStore;
  statsExport: StatsExport;
  unfinished: UnfinishedStore;
  /** Opens an account of this provider. `keep` is called before each of its requests. */
  connect: (account: string, keep: () => Promise<void>) => Promise<Connection>;
  clock: Clock;
  log: Log;
};

/** Pulls the days of a pull that are left, each whole. False when time ran out before the last one, or within one. */
export async function pullDays(id: string, pull: Pull, work: Work, ports: PullDaysPorts): Promise<boolean> {
  const { pulls, clock, config, log, provider } = ports;
  const { account } = pull;
  const connection = await ports.connect(account, work.keep);
  const [calls, leads] = [callsOf(account, connection, ports), leadsOf(account, connection, ports)];
  const firstUnsettled = addDays(dayAt(clock()), -config.stats.lookbackDays);
  const dayPorts = { ...ports, ...work, pull: `${id} ${pull.startedAt}` };
  let progress = pull;
  for (let done = 0; progress.next <= pull.to; done++) {
    if (done > 0 && !work.hasTime()) return false;
    const day = progress.next;
    const partition = { provider: provider.name, account, date: day };
    const [dayBefore, dayAfter] = [addDays(day, -1), addDays(day, 1)];
    // The day before has just been pulled, unless the pull begins here or left it as it was.
    const isBeforeCurrent = day !== pull.from && dayBefore >= firstUnsettled;
    const standing = { settled: day < firstUnsettled, others: isBeforeCurrent ? [dayAfter] : [dayBefore, dayAfter] };
    const ofCalls = await pullDay(partition, calls, standing, dayPorts);
    if (ofCalls === undefined) return false;
    const ofLeads = leads && (await pullDay(partition, leads, standing, dayPorts));
    if (leads !== undefined && ofLeads === undefined) return false;
    progress = advance(progress, ofCalls, ofLeads);
    await pulls.update(id, account, progress);
    const told = { calls: ofCalls.records, outcome: ofCalls.outcome };
    const odd = ofCalls.odd + (ofLeads?.odd ?? 0);
    const details = { account, day, ...told, leads: ofLeads?.records, ofLeads: ofLeads?.outcome, odd };
    log('statistics pulled', details, odd > 0 ? { OddRecords: odd } : {});
  }
  const known = await pulls.pulledTo(account);
  // A window of long ago says nothing of the days between it and the last pull.
  const today = dayAt(clock());
  // Nor does one of days that are still to come.
  const [pulledTo = today] = [pull.to, today].sort();
  if (known === undefined || pull.from <= addDays(known, 1)) await pulls.advance(account, pulledTo);
  await pulls.update(id, account, { state: 'done' });
  return true;
}

function advance(progress: Pull, calls: DayResult, leads: DayResult | undefined): Pull {
  const outcomes = [calls.outcome, leads?.outcome];
  return {
    ...progress,
    next: addDays(progress.next, 1),
    calls: progress.calls + calls.records,
    leads: progress.leads + (leads?.records ?? 0),
    odd: (progress.odd ?? 0) + calls.odd + (leads?.odd ?? 0),
    written: progress.written + outcomes.filter((outcome) => outcome === 'written').length,
    kept: outcomes.includes('kept') ? [...progress.kept, progress.next] : progress.kept,
  };
}
