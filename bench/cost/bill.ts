import type { Config } from '#shared/config/schema.ts';
import { metricUnits } from '#shared/log.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import type { Counts } from './count.ts';
import type { Measured } from './measure.ts';
import { assumptions, prices } from './prices.ts';

const million = 1_000_000;
const gb = 1024 ** 3;

export type Bill = { byService: Record<string, number>; fixed: number; total: number };

/** A month in dollars for so many leads, without egress; `fixed` is what is paid without a single lead. */
export function billFor(leads: number, measured: Measured): Bill {
  const zero = variable(0, measured);
  const byService = variable(leads, measured);
  const sum = (parts: Record<string, number>) => Object.values(parts).reduce((total, part) => total + part, 0);
  const standing = standingOf(measured.template);
  return {
    byService: { ...byService, 'alarms, metrics, key, dashboard': standing },
    fixed: sum(zero) + standing,
    total: sum(byService) + standing,
  };
}

export function egressOf(kind: Config['egress']): number {
  return prices.egress[kind];
}

function variable(leads: number, { leads: sample, delivery, firstPull, nextPull, template }: Measured) {
  const { perMillion } = prices;
  const { sweepsPerMonth, readsPerSweep, pullsPerMonth, readingsOfEachCall } = assumptions;
  const times = leads / sample;
  const price = (amount: number, perMillionUnits: number) => (amount / million) * perMillionUnits;
  const delivered = (pick: (counts: Counts) => number) => times * pick(delivery);
  const pulled = (pick: (counts: Counts) => number) =>
    times * (pick(firstPull) + (readingsOfEachCall - 1) * pick(nextPull));

  const runs = sweepsPerMonth + pullsPerMonth * of(firstPull, 'pullstats').invocations;
  const invocations = delivered((counts) => of(counts, '').invocations) + runs;
  const gbSeconds =
    delivered((counts) => gbSecondsOf(counts, '', template)) +
    pulled((counts) => gbSecondsOf(counts, 'pullstats', template)) +
    pullsPerMonth * gbSecondsOf(firstPull, 'pullstats', template) +
    sweepsPerMonth * (gbSecondsOf(firstPull, 'sweepleads', template) / of(firstPull, 'sweepleads').invocations);
  // Lambda takes a batch from its queue and deletes it: two requests.
  const polls = 2 * delivered((counts) => of(counts, 'forwardlead').invocations);
  const idlePolls = assumptions.idlePollsPerQueueAndMonth * countOf(template, 'AWS::Lambda::EventSourceMapping');
  const logBytes =
    delivered((counts) => counts.logBytes) +
    pulled((counts) => counts.logBytes) +
    invocations * assumptions.platformLogBytesPerInvocation +
    leads * assumptions.accessLogBytesPerRequest;
  const writes = delivered((counts) => counts.writeUnits) + pulled((counts) => counts.writeUnits);
  const reads =
    delivered((counts) => counts.readUnits) + pulled((counts) => counts.readUnits) + sweepsPerMonth * readsPerSweep;
  const storedGb = (delivered((counts) => counts.itemBytes) * assumptions.monthsKept) / gb;
  return {
    'API Gateway': price(leads, perMillion.httpRequests),
    Lambda: price(invocations, perMillion.lambdaRequests) + gbSeconds * prices.lambdaGbSecond,
    DynamoDB:
      price(writes, perMillion.dynamoWriteUnits) +
      price(reads, perMillion.dynamoReadUnits) +
      storedGb * prices.dynamoGbMonth,
    SQS: price(delivered((counts) => counts.sends) + polls + idlePolls, perMillion.sqsRequests),
    S3:
      price(pullsPerMonth * firstPull.s3Writes, perMillion.s3Writes) +
      price(pullsPerMonth * firstPull.s3Reads, perMillion.s3Reads),
    'CloudWatch Logs': (logBytes * prices.logsGb) / gb,
    Scheduler: price(runs, perMillion.scheduledRuns),
  };
}

function standingOf(template: Template): number {
  const alarms = countOf(template, 'AWS::CloudWatch::Alarm') * prices.alarm;
  return alarms + Object.keys(metricUnits).length * prices.metric + prices.key + prices.dashboard;
}

function countOf({ Resources }: Template, type: string): number {
  return Object.values(Resources).filter(({ Type }) => Type === type).length;
}

/** Memory times time; a function that calls a provider waits for that as well. */
function gbSecondsOf({ functions }: Counts, prefix: string, { Resources }: Template): number {
  const own = Object.entries(functions).filter(([name]) => name.startsWith(prefix));
  return own.reduce((sum, [name, { invocations, ms }]) => {
    const memory = Number(Resources[name]?.Properties['MemorySize']);
    const waiting = name.startsWith('forwardlead') ? invocations * assumptions.providerMs : 0;
    return sum + ((ms + waiting) / 1000) * (memory / 1024);
  }, 0);
}

/** The functions whose names begin so, taken together. */
function of({ functions }: Counts, prefix: string) {
  const own = Object.entries(functions).filter(([name]) => name.startsWith(prefix));
  return { invocations: own.reduce((sum, [, { invocations }]) => sum + invocations, 0) };
}
