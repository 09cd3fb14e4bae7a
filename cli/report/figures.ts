import type { ApiLead } from '#shared/operator-api.ts';
import type { Call } from '#shared/stats/call.ts';

/** A call of the export as its NDJSON has it: its times are ISO 8601. */
export type ExportedCall = Omit<Call, 'startedAt' | 'leadAcceptedAt' | 'raw'> & {
  startedAt: string | null;
  leadAcceptedAt: string | null;
};

/** Numbers for a plot and the table beside it: a row for each label. */
export type Figure = { heads: string[]; rows: (string | number | null)[][] };

export type Report = { leads: readonly ApiLead[]; calls: readonly ExportedCall[]; timeZone: string };

const second = 1000;

/** Leads, calls and answered calls, and the share of the calls that were answered in percent, per day of the zone. */
export function perDay({ leads, calls, timeZone }: Report): Figure {
  const dayIn = createDayIn(timeZone);
  const days = new Map<string, { leads: number; calls: number; answered: number }>();
  const on = (instant: string) => {
    const day = dayIn(instant);
    const counts = days.get(day) ?? { leads: 0, calls: 0, answered: 0 };
    days.set(day, counts);
    return counts;
  };
  for (const { createdAt } of leads) on(createdAt).leads += 1;
  for (const { startedAt, answered } of calls) {
    if (startedAt === null) continue;
    on(startedAt).calls += 1;
    on(startedAt).answered += answered ? 1 : 0;
  }
  const rows = [...days].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    heads: ['Day', 'Leads', 'Calls', 'Answered', 'Answered, %'],
    rows: rows.map(([day, counts]) => [day, counts.leads, counts.calls, counts.answered, percent(counts)]),
  };
}

const waits: [label: string, upTo: number][] = [
  ['≤ 10 s', 10],
  ['≤ 30 s', 30],
  ['≤ 1 min', 60],
  ['≤ 5 min', 300],
  ['≤ 30 min', 1800],
  ['longer', Number.POSITIVE_INFINITY],
];

/** How long leads waited from the form until a phone rang for them, and until they talked to somebody. */
export function timesToCall({
  leads,
  calls,
}: Report): Figure & { medians: { ring: number | null; answer: number | null } } {
  const ofLead = Map.groupBy(calls, ({ leadId }) => leadId);
  const rings: number[] = [];
  const answers: number[] = [];
  for (const { id, createdAt } of leads) {
    const sentAt = Date.parse(createdAt);
    const started = (ofLead.get(id) ?? []).flatMap((call) =>
      call.startedAt === null ? [] : [{ ...call, at: Date.parse(call.startedAt) }],
    );
    const firstRing = Math.min(...started.map(({ at }) => at));
    const firstAnswer = Math.min(...started.flatMap((call) => answeredAt(call) ?? []));
    // The providers tell whole seconds: a call may seem to begin before its form was sent.
    if (Number.isFinite(firstRing)) rings.push(Math.max(0, (firstRing - sentAt) / second));
    if (Number.isFinite(firstAnswer)) answers.push(Math.max(0, (firstAnswer - sentAt) / second));
  }
  const countIn = (times: number[], index: number) => {
    const from = waits[index - 1]?.[1] ?? Number.NEGATIVE_INFINITY;
    return times.filter((time) => time > from && time <= (waits[index]?.[1] ?? 0)).length;
  };
  return {
    heads: ['From the form', 'Phone rang', 'Answered'],
    rows: waits.map(([label], index) => [label, countIn(rings, index), countIn(answers, index)]),
    medians: { ring: median(rings), answer: median(answers) },
  };
}

function answeredAt(call: { at: number; answered: boolean; totalSeconds: number | null; talkSeconds: number | null }) {
  if (!call.answered || call.totalSeconds === null || call.talkSeconds === null) return undefined;
  return call.at + (call.totalSeconds - call.talkSeconds) * second;
}

/** What became of the calls, and on whose side they failed. */
export function outcomes({ calls }: Report): Figure {
  const groups = Map.groupBy(calls, ({ outcome, failedSide }) => `${outcome}/${failedSide ?? 'unknown'}`);
  const rows = [...groups].map(([key, group]) => [...key.split('/'), group.length]);
  return { heads: ['Outcome', 'Whose side', 'Calls'], rows: rows.sort((a, b) => Number(b[2]) - Number(a[2])) };
}

export const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Calls per hour of the day in the zone, and how many of them fell on each weekday. */
export function perHour({ calls, timeZone }: Report): Figure {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' });
  const counts = Array.from({ length: 24 }, () => weekdays.map(() => 0));
  for (const { startedAt } of calls) {
    if (startedAt === null) continue;
    const parts = Object.fromEntries(
      format.formatToParts(Date.parse(startedAt)).map(({ type, value }) => [type, value]),
    );
    const hour = counts[Number(parts['hour'])];
    const weekday = weekdays.indexOf(parts['weekday'] ?? '');
    if (hour !== undefined) hour[weekday] = (hour[weekday] ?? 0) + 1;
  }
  return { heads: ['Hour', ...weekdays], rows: counts.map((row, hour) => [String(hour).padStart(2, '0'), ...row]) };
}

/** Leads, calls and answered calls per utm_source; a call of a lead counts where the lead came from. */
export function perSource({ leads, calls }: Report): Figure {
  const sources = new Map(leads.map(({ id, attribution }) => [id, attribution.utm_source]));
  const counts = new Map<string, { leads: number; calls: number; answered: number }>();
  const of = (source: string | null | undefined) => {
    const name = source || '(none)';
    const known = counts.get(name) ?? { leads: 0, calls: 0, answered: 0 };
    counts.set(name, known);
    return known;
  };
  for (const { attribution } of leads) of(attribution.utm_source).leads += 1;
  for (const { leadId, utmSource, answered } of calls) {
    const count = of((leadId === null ? undefined : sources.get(leadId)) ?? utmSource);
    count.calls += 1;
    count.answered += answered ? 1 : 0;
  }
  const rows = [...counts].map(([source, count]) => [source, count.leads, count.calls, count.answered, percent(count)]);
  return {
    heads: ['utm_source', 'Leads', 'Calls', 'Answered', 'Answered, %'],
    rows: rows.sort((a, b) => Number(b[1]) + Number(b[2]) - Number(a[1]) - Number(a[2])),
  };
}

/** Leads that nobody has talked to, newest first: somebody should ring them. */
export function missedLeads({ leads, calls }: Report): readonly ApiLead[] {
  const reached = new Set(calls.flatMap(({ leadId, answered }) => (answered && leadId !== null ? [leadId] : [])));
  return leads
    .filter(({ state, deliveries }) => state !== 'spam' && deliveries.some(({ kind }) => kind === 'call'))
    .filter(({ id, calls: own }) => !reached.has(id) && !own.some(({ answered }) => answered))
    .toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1));
}

function createDayIn(timeZone: string): (instant: string) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' });
  return (instant) => format.format(Date.parse(instant));
}

function percent({ calls, answered }: { calls: number; answered: number }): number | null {
  return calls === 0 ? null : Math.round((1000 * answered) / calls) / 10;
}

function median(numbers: number[]): number | null {
  if (numbers.length === 0) return null;
  const sorted = numbers.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}
