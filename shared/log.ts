import type { Clock } from './ports.ts';

/** Ids, states, counts and durations only: no phone, name, text of a visitor or key ever goes in here. */
export type LogDetails = Record<string, string | number | boolean | undefined>;

/** What is measured, in CloudWatch's units. Alarms and dashboard of infra/constructs/ are made of these. */
export const metricUnits = {
  /** New leads, spam included. */
  AcceptedLeads: 'Count',
  /** From the form to the provider's word that the phone will ring. */
  SecondsToCall: 'Seconds',
  /** Deliveries that wait for a person. */
  HeldDeliveries: 'Count',
  /** Leads that wait for a person at the moment, up to a hundred. */
  WaitingLeads: 'Count',
  /** Deliveries given up because they came too late. */
  ExpiredDeliveries: 'Count',
  /** How long the delivery that has waited longest has been due, where any is. */
  OldestDueSeconds: 'Seconds',
  /** Deliveries kept away from an account that refuses through a fault of its own. */
  AvoidedAccounts: 'Count',
  /** What a provider's daily budget has left. */
  PointsLeft: 'Count',
  /** Calls whose status is not known here: their outcome is left open. */
  UnknownStatuses: 'Count',
  /** Calls and leads in a provider's list without a number that can be read: exported, and never joined to a lead. */
  OddRecords: 'Count',
  /** Accounts whose statistics could not be pulled, or still hold what was erased. */
  FailedPulls: 'Count',
  /** How long ago the last whole pull of the account that lags behind most was. */
  StatsAgeSeconds: 'Seconds',
  /** What an account has left to ring phones with. */
  MinutesLeft: 'Count',
  /** Days until an account's paid period ends. */
  PaidDaysLeft: 'Count',
} as const;

export type MetricName = keyof typeof metricUnits;
export type Metrics = Partial<Record<MetricName, number>>;

export const metricNamespace = 'Ringback';
/** The only dimension, the deployment: which account or lead it was says the log line that bears the metric. */
export const metricDimension = 'stack';

/** Writes one event as one line of JSON, with what it adds to the metrics. */
export type Log = (event: string, details?: LogDetails, metrics?: Metrics) => void;

/** A log on standard output; CloudWatch reads the metrics out of it (embedded metric format). `stack` is the deployment's name. */
export function createLog(stack: string, clock: Clock, write = (line: string) => void process.stdout.write(line)): Log {
  return (event, details = {}, metrics = {}) => {
    const hasMetrics = Object.keys(metrics).length > 0;
    const embedded = hasMetrics ? { ...metrics, [metricDimension]: stack, _aws: describe(metrics, clock()) } : {};
    write(`${JSON.stringify({ event, ...details, ...embedded })}\n`);
  };
}

function describe(metrics: Metrics, now: number) {
  const names = Object.keys(metrics) as MetricName[];
  const Metrics = names.map((Name) => ({ Name, Unit: metricUnits[Name] }));
  return {
    Timestamp: now,
    CloudWatchMetrics: [{ Namespace: metricNamespace, Dimensions: [[metricDimension]], Metrics }],
  };
}
