import type { Config } from '#shared/config/schema.ts';
import { traceOf } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { Connection } from '#shared/providers/provider.ts';
import type { Call } from '#shared/stats/call.ts';
import { addDays, countDays, dayAt } from '#shared/stats/day.ts';
import type { StatsExport } from '#shared/stats/export.ts';
import type { ListedLead } from '#shared/stats/listed-lead.ts';
import type { UnfinishedStore } from '#shared/stats/unfinished.ts';
import type { Pull, PullStore } from '#shared/store/pulls.ts';
import { isSilence, mayBeOfDay, reasonOf } from './failure.ts';
import { OutOfTimeError, type Work } from './go-on.ts';
import { type DayPorts, type DayResult, pullDay, type Source } from './pull-day.ts';
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

/** A provider that is silent on so many days in a row is down: the days after them are not tried. */
const maxSilentDays = 3;

/** A day that the time of so many invocations does not suffice for has failed. */
const maxCutOffs = 3;
const nothingBegun = { callsOfNext: null, cutOffs: 0 };

/**
 * Pulls the days of a pull that are left, each whole; one that fails keeps none of the others from being pulled.
 * False when time ran out before the last one, or within one. Throws what concerns more than one day.
 */
export async function pullDays(id: string, pull: Pull, work: Work, ports: PullDaysPorts): Promise<boolean> {
  const { pulls, log } = ports;
  const { account } = pull;
  const connection = await ports.connect(account, work.keep);
  const sources: Sources = {
    calls: callsOf(account, connection, ports),
    leads: leadsOf(account, connection, ports),
    dayPorts: { ...ports, ...work, pull: `${id} ${pull.startedAt}` },
  };
  let progress = pull;
  let silentDays = 0;
  for (let done = 0; progress.next <= pull.to; done++) {
    if (done > 0 && !work.hasTime()) return false;
    const { next } = progress;
    try {
      progress = await pullNext(progress, sources, ports);
      silentDays = 0;
    } catch (error) {
      silentDays = isSilence(error) ? silentDays + 1 : 0;
      if (silentDays === maxSilentDays) throw error;
      progress = afterFailure(progress, error, log);
    }
    await pulls.update(id, account, progress);
    if (progress.next === next) return false;
  }
  await end(id, progress, ports);
  return true;
}

/** The pull as it goes on: with the same day where time ran out, else with the next one. Throws what concerns more than one day. */
function afterFailure(progress: Pull, error: unknown, log: Log): Pull {
  const { account, next, cutOffs = 0, failed = [] } = progress;
  if (error instanceof OutOfTimeError && cutOffs < maxCutOffs) return { ...progress, cutOffs: cutOffs + 1 };
  if (!mayBeOfDay(error)) throw error;
  const reason = `${next}: ${reasonOf(error)}`;
  log('statistics not pulled', { account, reason, error: traceOf(error) }, { FailedPulls: 1 });
  return { ...progress, ...nothingBegun, failed: [...failed, next], reason, next: addDays(next, 1) };
}

type Sources = {
  calls: Source<Call>;
  /** Undefined where the provider keeps no journal of leads. */
  leads: Source<ListedLead> | undefined;
  dayPorts: DayPorts;
};

/** The pull with its next day done, or with the same one still to come when time ran out. */
async function pullNext(
  progress: Pull,
  { calls, leads, dayPorts }: Sources,
  { clock, config, log, provider }: PullDaysPorts,
): Promise<Pull> {
  const { account, next: day } = progress;
  const firstUnsettled = addDays(dayAt(clock()), -config.stats.lookbackDays);
  const partition = { provider: provider.name, account, date: day };
  const [dayBefore, dayAfter] = [addDays(day, -1), addDays(day, 1)];
  // The day before has just been pulled, unless the pull begins here, failed there or left it as it was.
  const hasBefore = day !== progress.from && !progress.failed?.includes(dayBefore);
  const others = hasBefore && dayBefore >= firstUnsettled ? [dayAfter] : [dayBefore, dayAfter];
  const standing = { settled: day < firstUnsettled, others };
  const ofCalls = progress.callsOfNext ?? (await pullDay(partition, calls, standing, dayPorts));
  if (ofCalls === undefined) return progress;
  const hasListedCalls = ofCalls !== progress.callsOfNext;
  if (leads !== undefined && hasListedCalls && !dayPorts.hasTime()) return { ...progress, callsOfNext: ofCalls };
  const ofLeads = leads && (await pullDay(partition, leads, standing, dayPorts));
  if (leads !== undefined && ofLeads === undefined) return progress;
  const told = { calls: ofCalls.records, outcome: ofCalls.outcome };
  const odd = ofCalls.odd + (ofLeads?.odd ?? 0);
  const details = { account, day, ...told, leads: ofLeads?.records, ofLeads: ofLeads?.outcome, odd };
  log('statistics pulled', details, odd > 0 ? { OddRecords: odd } : {});
  return advance(progress, ofCalls, ofLeads);
}

async function end(id: string, { account, from, to, failed = [] }: Pull, { pulls, clock }: PullDaysPorts) {
  const days = Array.from({ length: countDays(from, to) }, (_, index) => addDays(from, index));
  // Days that are still to come say nothing, and neither does a window of long ago of the days between it and the last pull.
  const pulledTo = days.findLast((day) => day <= dayAt(clock()) && !failed.includes(day));
  const known = await pulls.pulledTo(account);
  if (pulledTo !== undefined && (known === undefined || from <= addDays(known, 1))) {
    await pulls.advance(account, pulledTo);
  }
  await pulls.noteFailed(account, { from, to }, failed);
  await pulls.update(id, account, { state: failed.length === 0 ? 'done' : 'failed' });
}

function advance(progress: Pull, calls: DayResult, leads: DayResult | undefined): Pull {
  const outcomes = [calls.outcome, leads?.outcome];
  return {
    ...progress,
    ...nothingBegun,
    next: addDays(progress.next, 1),
    calls: progress.calls + calls.records,
    leads: progress.leads + (leads?.records ?? 0),
    odd: (progress.odd ?? 0) + calls.odd + (leads?.odd ?? 0),
    written: progress.written + outcomes.filter((outcome) => outcome === 'written').length,
    kept: outcomes.includes('kept') ? [...progress.kept, progress.next] : progress.kept,
  };
}
