import budgets from './budgets.json' with { type: 'json' };
import type { Results } from './results.ts';
import type { Grown } from './sections/growth.ts';
import type { Way } from './sections/way.ts';

/** A figure that is to stay within its limit. */
export type Goal = { name: string; value: number; limit: number; isMet: boolean };

const atMost = (name: string, value: number, limit: number): Goal => ({ name, value, limit, isMet: value <= limit });
const atLeast = (name: string, value: number, limit: number): Goal => ({ name, value, limit, isMet: value >= limit });

/** Sizes of bundles that are known, in bytes. */
export function sizeGoals(bytes: Record<string, number>): Goal[] {
  return Object.entries(budgets.bytes).map(([name, limit]) =>
    atMost(`bytes, ${name}`, bytes[name] ?? Number.NaN, limit),
  );
}

const countedKinds = ['writeUnits', 'readUnits', 'queueRequests', 'invocations'] as const;
type CountedKind = (typeof countedKinds)[number];

/** What is counted and has no limit is missed. */
export function requestGoals(requests: Results['requests']): Goal[] {
  const limits: Partial<Record<string, Record<CountedKind, number>>> = budgets.requests;
  return Object.entries(requests).flatMap(([scenario, counted]) =>
    countedKinds.map((kind) => atMost(`${scenario}, ${kind}`, counted[kind], limits[scenario]?.[kind] ?? Number.NaN)),
  );
}

/** What requests cost comes out the same everywhere; with the time that functions take it does not. */
export function requestPriceGoal({ requestsAlone }: Results['price']): Goal {
  return atMost(
    'dollars for a million leads, requests alone',
    requestsAlone,
    budgets.dollarsPerMillion['for requests alone'],
  );
}

export function drainGoals({ shareOfLimit, refused }: Pick<Results['drain'], 'shareOfLimit' | 'refused'>): Goal[] {
  return [
    atLeast('drain, share of the limit', shareOfLimit, budgets.drain.shareOfLimit),
    atMost('drain, refused with 429', refused, budgets.drain.refused),
  ];
}

/** Ratios of what was measured by turns in one run. */
export function ratiosOf({ functions: { coldStart, warm }, way, growth }: Results): Record<string, number> {
  const cpu = (name: 'submit-form' | 'bare-put') => warm[name]?.cpuMs ?? Number.NaN;
  const first = growth.at(0);
  const last = growth.at(-1);
  const unitsOf = ({ lead }: Grown) => lead.writeUnits + lead.readUnits;
  if (first === undefined || last === undefined) throw new Error('growth was not measured');
  return {
    'cold start, submit-form to a bare put':
      coldStart['submit-form'].firstAnswerMs / coldStart['bare-put'].firstAnswerMs,
    "cold start, submit-form to the textbook's":
      coldStart['submit-form'].firstAnswerMs / coldStart.textbook.firstAnswerMs,
    'warm CPU, accepted lead to a bare put': cpu('submit-form') / cpu('bare-put'),
    "form to provider p50, to the hand-written server's": way.ringback.delivering.p50 / way.outbox.delivering.p50,
    "form to provider p99, to the hand-written server's": way.ringback.delivering.p99 / way.outbox.delivering.p99,
    'latency at 1,000,000 stored leads, to that at 1': last.lead.latencyMs / first.lead.latencyMs,
    'units at 1,000,000 stored leads, to those at 1': unitsOf(last) / unitsOf(first),
  };
}

function failedOf(way: Way): number {
  return Object.values(way).reduce((sum, { failed }) => sum + failed, 0);
}

/** All goals, met or not. */
export function goalsOf(results: Results): Goal[] {
  const ratios = ratiosOf(results);
  return [
    ...sizeGoals(results.functions.bytes),
    ...requestGoals(results.requests),
    ...Object.entries(budgets.ratios).map(([name, limit]) => atMost(name, ratios[name] ?? Number.NaN, limit)),
    atMost('dollars for a million leads', results.price.total, budgets.dollarsPerMillion['all in all']),
    requestPriceGoal(results.price),
    atMost('forms that the local host lost or refused', failedOf(results.way.ringback), budgets.failed),
    ...drainGoals(results.drain),
  ];
}
