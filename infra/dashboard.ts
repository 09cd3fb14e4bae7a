import type { Stack } from 'aws-cdk-lib';
import { HttpApi } from 'aws-cdk-lib/aws-apigatewayv2';
import {
  type Alarm,
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  type IMetric,
  type Metric,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { MetricName } from '#shared/log.ts';
import { findAll, fiveMinutes, ownMetric } from './measures.ts';

const period = fiveMinutes;

/** One page for a look: what is wrong, how fast phones ring, what waits, what the functions do. */
export function createDashboard(stack: Stack, alarms: Alarm[]): void {
  const own = (name: MetricName, statistic: string) => ownMetric(stack, name, statistic).with({ label: name });
  const of = (target: { node: { id: string } }, metric: Metric) => metric.with({ label: target.node.id });
  const functions = findAll(stack, LambdaFunction);
  const queues = findAll(stack, Queue);
  const apis = findAll(stack, HttpApi);
  new Dashboard(stack, 'dashboard', {
    dashboardName: stack.stackName,
    widgets: [
      [new AlarmStatusWidget({ title: 'Alarms', alarms, width: 24, height: 4 })],
      [
        graph('Leads', [
          ...['AcceptedLeads', 'HeldDeliveries', 'ExpiredDeliveries'].map((name) => own(name as MetricName, 'Sum')),
          own('WaitingLeads', 'Maximum'),
        ]),
        graph(
          'Seconds from form to call',
          ['p50', 'p95'].map((statistic) => own('SecondsToCall', statistic).with({ label: statistic })),
        ),
        graph('In seconds: due and not tried, age of the statistics', [
          own('OldestDueSeconds', 'Maximum'),
          own('StatsAgeSeconds', 'Maximum'),
        ]),
      ],
      [
        graph(
          'Accounts avoided, pulls failed, statuses not known',
          ['AvoidedAccounts', 'FailedPulls', 'OddRecords', 'UnknownStatuses'].map((name) =>
            own(name as MetricName, 'Sum'),
          ),
        ),
        graph('Left: points of the day, minutes, paid days', [
          own('PointsLeft', 'Minimum'),
          own('MinutesLeft', 'Minimum'),
          own('PaidDaysLeft', 'Minimum'),
        ]),
        graph(
          'Messages that wait',
          queues.map((queue) => of(queue, queue.metricApproximateNumberOfMessagesVisible({ period }))),
        ),
      ],
      [
        graph(
          'Function errors',
          functions.map((target) => of(target, target.metricErrors({ period }))),
        ),
        graph(
          'Function time, p95',
          functions.map((target) => of(target, target.metricDuration({ period, statistic: 'p95' }))),
        ),
        graph(
          'Requests refused and failed',
          apis.flatMap((api) => [api.metricClientError({ period }), api.metricServerError({ period })]),
        ),
      ],
    ],
  });
}

function graph(title: string, left: IMetric[]): GraphWidget {
  return new GraphWidget({ title, left, width: 8, height: 6 });
}
