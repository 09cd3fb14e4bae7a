import { Duration, type Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, MathExpression, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Config } from '#shared/config/schema.ts';
import type { MetricName } from '#shared/log.ts';
import { createAlarmTopic } from './constructs/alarm-topic.ts';
import { findAll, fiveMinutes, ownMetric } from './measures.ts';
import { longestGap } from './next-run.ts';

/** What is wrong at or beyond the threshold, over this many periods, and what to do about it. */
type AlarmDefinition = {
  id: string;
  metric: IMetric;
  threshold: number;
  /** The wrong values are those from the threshold down, not up. */
  below?: boolean;
  periods?: number;
  /** What no data at all means; nothing wrong unless set. `unchanged`: what was measured last, hours ago maybe, still holds. */
  silence?: 'wrong' | 'unchanged';
  description: string;
};

const missing = {
  fine: TreatMissingData.NOT_BREACHING,
  wrong: TreatMissingData.BREACHING,
  unchanged: TreatMissingData.IGNORE,
};

/** An alarm for each thing that a person has to know, to one topic. Comes last: it watches what the stack has by then. */
export function createAlarms(stack: Stack, config: Config): Alarm[] {
  const action = new SnsAction(createAlarmTopic(stack));
  const definitions = [
    ...ownAlarms(stack),
    ...statisticsAlarms(stack, config),
    ...queueAlarms(stack),
    ...functionAlarms(stack),
    ...apiAlarms(stack),
  ];
  return definitions.map(({ id, metric, threshold, below = false, periods = 1, silence, description }) => {
    const alarm = new Alarm(stack, `alarm-${id}`, {
      metric,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: missing[silence ?? 'fine'],
      alarmDescription: description,
    });
    alarm.addAlarmAction(action);
    return alarm;
  });
}

function ownAlarms(stack: Stack): AlarmDefinition[] {
  const own = (name: MetricName, statistic: string) => ownMetric(stack, name, statistic);
  return [
    {
      id: 'held',
      metric: own('HeldDeliveries', 'Sum'),
      threshold: 1,
      description:
        'Leads wait for you. Open /console, "needs attention": each says why, and has the button that mends it. Or: ringback leads list --state attention --url <ApiUrl>.',
    },
    {
      id: 'waiting',
      metric: withReminders(own('WaitingLeads', 'Maximum')),
      threshold: 1,
      periods: 6,
      description:
        'Leads have waited for you for half an hour or longer; you are told again at half past 6, 10 and 14 o\'clock UTC for as long as one waits. Open /console, "needs attention": retry, release or cancel each. Or: ringback leads list --state attention --url <ApiUrl>.',
    },
    {
      id: 'expired',
      metric: own('ExpiredDeliveries', 'Sum'),
      threshold: 1,
      description:
        'Leads were given up, for they could not be delivered before staleAfter. Their visitors were not rung: call them yourself (/console, "needs attention"), then look why in the lead\'s timeline.',
    },
    {
      id: 'overdue',
      metric: own('OldestDueSeconds', 'Maximum'),
      threshold: 300,
      periods: 2,
      description:
        'A delivery has been due for five minutes and nobody tries it. Look at the errors of forward-lead in CloudWatch Logs and at its concurrency; nothing is lost, it goes on as soon as the function runs.',
    },
    {
      id: 'account-avoided',
      metric: own('AvoidedAccounts', 'Sum'),
      threshold: 1,
      description:
        'A provider refuses an account (key, balance, authorised host, widget), so leads go to the next account or wait. Open /console, accounts, for the reason; run ringback doctor; mend it at the provider; then release the account there.',
    },
    {
      id: 'points-used-up',
      metric: own('PointsLeft', 'Minimum'),
      threshold: 0,
      below: true,
      description:
        "An account's points of today are used up: copies wait until midnight UTC, calls go to the next account. Ask Calltouch for more and raise dailyPoints in ringback.config.ts.",
    },
  ];
}

/** An alarm speaks only when it begins, so it is let begin anew at the hours when somebody may be at work. */
function withReminders(waiting: IMetric): MathExpression {
  const hours = [6, 10, 14].map((hour) => `HOUR(waiting) == ${hour}`).join(' OR ');
  return new MathExpression({
    expression: `IF((${hours}) AND MINUTE(waiting) < 5, 0, waiting)`,
    usingMetrics: { waiting },
    period: fiveMinutes,
    label: 'WaitingLeads',
  });
}

const hourMs = 60 * 60_000;
/** CloudWatch looks no further back: with a schedule that runs less than every three days nobody is told. */
const longestAlarmHours = 7 * 24;

/** What the pulls measure, as often as their schedule runs: between two runs what was said last holds. */
function statisticsAlarms(stack: Stack, { stats }: Config): AlarmDefinition[] {
  const hasPulls = findAll(stack, LambdaFunction).some(({ node }) => node.id.startsWith('pull-stats-'));
  if (!hasPulls) return [];
  // One run may be missed, and the next one is given an hour to do the work of both.
  const lateHours = 1 + Math.ceil((2 * longestGap({ expression: stats.schedule, timeZone: 'UTC' })) / hourMs);
  return [
    {
      id: 'statistics-failed',
      metric: ownMetric(stack, 'FailedPulls', 'Sum'),
      threshold: 1,
      description:
        'Statistics of an account could not be pulled, or an erased lead not be taken out of them; the next schedule tries again and catches up. If this goes on: ringback doctor, then ringback stats pull --url <ApiUrl>, which tells the reason.',
    },
    {
      id: 'balance-low',
      metric: ownMetric(stack, 'MinutesLeft', 'Minimum'),
      threshold: 60,
      below: true,
      silence: 'unchanged',
      description:
        'An account has an hour of minutes left, or less; without any its provider refuses, and leads go to the next account or wait. Open /console, accounts, for which it is, and top it up in its cabinet.',
    },
    {
      id: 'paid-period-ends',
      metric: ownMetric(stack, 'PaidDaysLeft', 'Minimum'),
      threshold: 3,
      below: true,
      silence: 'unchanged',
      description:
        "An account's paid period ends within three days, or has ended; then its provider refuses, and leads go to the next account or wait. Open /console, accounts, for which it is, and pay for the next period in its cabinet.",
    },
    ...(lateHours <= longestAlarmHours ? lateAlarms(stack, lateHours) : []),
  ];
}

function lateAlarms(stack: Stack, hours: number): AlarmDefinition[] {
  return [
    {
      id: 'statistics-late',
      metric: ownMetric(stack, 'StatsAgeSeconds', 'Maximum'),
      threshold: hours * 3600,
      silence: 'unchanged',
      description: `No pull of an account's statistics has come to its end for ${hours} hours. Run ringback stats pull --url <ApiUrl>: it makes up for what is missing, or tells the account and the reason.`,
    },
    {
      id: 'statistics-silent',
      metric: ownMetric(stack, 'StatsAgeSeconds', 'SampleCount').with({ period: Duration.hours(1) }),
      threshold: 0,
      below: true,
      periods: hours,
      silence: 'wrong',
      description: `For ${hours} hours nothing has begun to pull statistics. See in EventBridge Scheduler whether the schedules of pull-stats are enabled, and in Lambda whether the account is out of concurrency; ringback stats pull --url <ApiUrl> makes up for what is missing.`,
    },
  ];
}

function queueAlarms(stack: Stack): AlarmDefinition[] {
  const queues = findAll(stack, Queue).flatMap(({ deadLetterQueue }) => deadLetterQueue?.queue ?? []);
  return queues.map((queue) => ({
    id: queue.node.id,
    metric: queue.metricApproximateNumberOfMessagesVisible({ period: fiveMinutes, statistic: 'Maximum' }),
    threshold: 1,
    description:
      'Messages crashed the code five times and were put aside. Nothing is lost, the table has all: read the crash in the log of the function, deploy a version without it, then start a redrive of this queue in the SQS console.',
  }));
}

function functionAlarms(stack: Stack): AlarmDefinition[] {
  const functions = findAll(stack, LambdaFunction);
  const errors = functions.map((target) => ({
    id: `errors-${target.node.id}`,
    metric: target.metricErrors({ period: fiveMinutes, statistic: 'Sum' }),
    threshold: 1,
    description: `${target.node.id} crashed or ran out of time. Read its log group (the newest lines with ERROR); if it began with a deploy, go back to the version before (docs/deploy.md).`,
  }));
  const sweeper = functions.filter(({ node }) => node.id === 'sweep-leads');
  const silence = sweeper.map((target) => ({
    id: 'sweeper-silent',
    metric: target.metricInvocations({ period: fiveMinutes, statistic: 'Sum' }),
    threshold: 0,
    below: true,
    silence: 'wrong' as const,
    description:
      'sweep-leads has not run for five minutes, so retries and lost messages wait. See in EventBridge Scheduler whether its schedule is enabled, and in Lambda whether the account is out of concurrency.',
  }));
  return [...errors, ...silence];
}

function apiAlarms(stack: Stack): AlarmDefinition[] {
  return findAll(stack, HttpApi).map((api) => ({
    id: 'http-errors',
    metric: api.metricServerError({ period: fiveMinutes, statistic: 'Sum' }),
    threshold: 1,
    description:
      'Visitors or operators got an error of ours. Look for "request crashed" in the logs of submit-form and operate-leads; forms that were not taken have no lead, so mend this first.',
  }));
}
