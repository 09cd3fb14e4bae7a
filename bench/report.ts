import { pricePerMillion } from './cost/lead-price.ts';
import { type Goal, goalsOf } from './goals.ts';
import type { Results } from './results.ts';

/** The results as Markdown tables. */
export function report(results: Results): string {
  const { machine, startedAt, minutes } = results;
  const where = `${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}`;
  return [
    `${startedAt.slice(0, 16).replace('T', ' ')} UTC, ${minutes.toFixed(0)} minutes on ${where}; load before: ${machine.loadBefore.toFixed(1)}.`,
    goals(goalsOf(results)),
    functionTable(results),
    requestTable(results),
    wayTable(results),
    drainTable(results),
    growthTable(results),
  ].join('\n\n');
}

function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}

const fixed = (value: number, digits = 1) => value.toFixed(digits);
const whole = (value: number) => Math.round(value).toLocaleString('en');

function goals(all: Goal[]): string {
  const short = (value: number) =>
    value >= 100 ? whole(value) : fixed(value, value < 1 ? 3 : 2).replace(/\.?0+$/, '');
  const rows = all.map(({ name, value, limit, isMet }) => [
    name,
    short(value),
    short(limit),
    isMet ? 'met' : '**missed**',
  ]);
  return table(['goal', 'measured', 'limit', ''], rows);
}

function functionTable({ functions: { bytes, coldStart, warm } }: Results): string {
  const rows = (Object.keys(bytes) as (keyof typeof bytes)[]).map((name) => [
    name,
    whole(bytes[name] / 1000),
    fixed(coldStart[name].readyMs),
    fixed(coldStart[name].firstAnswerMs),
    warm[name] ? fixed(warm[name].cpuMs, 2) : '',
    warm[name] ? whole(Math.max(0, warm[name].allocatedKb)) : '',
  ]);
  return [
    table(
      [
        'function',
        'kB',
        'ms until ready',
        'ms until first answer',
        'CPU ms, warm',
        'kB allocated on the heap of JavaScript, warm',
      ],
      rows,
    ),
    'First answers: receive-webhook keeps the news of a call that no lead has ordered yet, sweep-leads finds nothing due, and pull-stats is handed an empty batch: what a pull takes is measured below.',
  ].join('\n\n');
}

function requestTable({ requests, price }: Results): string {
  const rows = Object.entries(requests).map(([scenario, counted]) => [
    scenario,
    counted.writeUnits,
    counted.readUnits,
    counted.queueRequests,
    counted.invocations,
    whole(counted.leadBytes),
    whole(counted.largestRow),
    whole(counted.storedBytes),
  ]);
  const parts = Object.entries(price.parts).map(([service, dollars]) => `${service} ${fixed(dollars, 2)}`);
  return [
    table(
      [
        'a lead with',
        'write units',
        'read units',
        'queue requests',
        'invocations',
        'bytes of JSON',
        'largest row',
        'bytes stored',
      ],
      rows,
    ),
    `A million leads of one delivery: $${fixed(price.total, 2)} (${parts.join(', ')}), and $${fixed(price.storageAMonth, 2)} a month for keeping them.`,
  ].join('\n\n');
}

function wayTable({ way }: Results): string {
  const names = { ringback: 'Ringback, local host', outbox: 'Fastify and SQLite, by hand', nodeRed: 'Node-RED' };
  const rows = (['ringback', 'outbox', 'nodeRed'] as const).map((name) => {
    const measured = way[name];
    if ('notMeasured' in measured) return [names[name], `not measured: ${measured.notMeasured}`];
    const { at1, at32, delivering, deliveringSlowly } = measured;
    const accepting = [at1, at32].flatMap(({ perSecond, p50, p99, failed }) => [
      fixed(perSecond, 0),
      fixed(p50),
      fixed(p99),
      failed,
    ]);
    const taken = [deliveringSlowly, delivering].flatMap(({ p50, p99, failed }) => [fixed(p50), fixed(p99), failed]);
    return [names[name], ...accepting, ...taken];
  });
  const at = (connections: string) => [`leads/s, ${connections}`, 'p50 ms', 'p99 ms', 'failed'];
  const delivered = (perSecond: string) => [`form to provider at ${perSecond}/s, p50 ms`, 'p99 ms', 'failed'];
  return table(['', ...at('1 connection'), ...at('32 connections'), ...delivered('5'), ...delivered('50')], rows);
}

function drainTable({ drain }: Results): string {
  return table(
    ['drain, in virtual time', ''],
    [
      ['leads that came within ten seconds', whole(drain.leads)],
      ['share of five a second that was used', `${fixed(drain.shareOfLimit * 100)}%`],
      ['refused with 429', drain.refused],
      ['longest wait', `${whole(drain.longestWaitSeconds)} s`],
      ['leads that came in a six-hour outage', whole(drain.outageLeads)],
      ['its end to the last call that was still fresh', `${whole(drain.outageToLastCallSeconds)} s`],
      ['and to the last copy', `${whole(drain.outageToLastCopySeconds)} s`],
    ],
  );
}

function growthTable({ growth, requests, statsPull }: Results): string {
  const rows = growth.map(({ stored, lead, sweep, page }) => {
    const { parts, total } = pricePerMillion({ ...requests['one delivery'], ...lead });
    const own = [lead.writeUnits, lead.readUnits, fixed(parts.DynamoDB, 2), fixed(total, 2)];
    const others = [sweep, page].flatMap(({ latencyMs, readUnits }) => [fixed(latencyMs, 2), readUnits]);
    return [whole(stored), fixed(lead.latencyMs, 2), ...own, ...others];
  });
  return [
    table(
      [
        'leads stored',
        'ms for a lead through both functions',
        'write units',
        'read units',
        '$ of DynamoDB for a million leads',
        '$ in all',
        'ms for a sweep',
        'read units',
        "ms for the console's first page",
        'read units',
      ],
      rows,
    ),
    table(
      ["a day's calls pulled", 'runs', 'rows a second', 'peak memory, MB'],
      statsPull.map(({ calls, runs, rowsPerSecond, peakMegabytes }) => [
        whole(calls),
        runs,
        whole(rowsPerSecond),
        peakMegabytes,
      ]),
    ),
  ].join('\n\n');
}
