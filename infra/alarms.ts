import type { Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { MetricName } from '#shared/log.ts';
import { createAlarmTopic } from './constructs/alarm-topic.ts';
import { findAll, fiveMinutes, ownMetric } from './measures.ts';

/** What is wrong at or beyond the threshold, over this many periods of five minutes, and what to do about it. */
type AlarmDefinition = {
  id: string;
  metric: IMetric;
  threshold: number;
  /** The wrong values are those from the threshold down, not up. */
  below?: boolean;
  periods?: number;
  /** No data at all is wrong too. */
  silenceIsBad?: boolean;
  description: string;
};

/** An alarm for each thing that a person has to know, to one topic. Comes last: it watches what the stack has by then. */
export function createAlarms(stack: Stack): Alarm[] {
  const action = new SnsAction(createAlarmTopic(stack));
  const definitions = [...ownAlarms(stack), ...queueAlarms(stack), ...functionAlarms(stack), ...apiAlarms(stack)];
  return definitions.map(({ id, metric, threshold, below = false, periods = 1, silenceIsBad = false, description }) => {
    const alarm = new Alarm(stack, `alarm-${id}`, {
      metric,
      threshold,
      comparisonOperator: below
        ? ComparisonOperator.LESS_THAN_OR_EQUAL_TO_THRESHOLD
        : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: periods,
      treatMissingData: silenceIsBad ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
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
    {
      id: 'statistics-late',
      metric: own('FailedPulls', 'Sum'),
      threshold: 1,
      description:
        'Statistics of an account could not be pulled; the next schedule tries again and catches up. If this goes on: ringback doctor, then ringback stats pull --url <ApiUrl>, which tells the reason.',
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
    silenceIsBad: true,
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
