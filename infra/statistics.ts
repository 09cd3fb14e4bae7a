import { Duration, Size } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';
import type { FunctionName } from '#shared/config/environment.ts';
import { formDefaults } from '#shared/config/form-defaults.ts';
import type { Config } from '#shared/config/schema.ts';
import { operatorToken, phoneKey } from '#shared/config/secrets.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import type { DataSetName } from '#shared/stats/data-set.ts';
import { createAthena } from './constructs/athena.ts';
import { acknowledgeObjects, objects } from './constructs/bucket-folders.ts';
import { createFunction } from './constructs/bundled-function.ts';
import type { Egress } from './constructs/egress.ts';
import type { Route } from './constructs/http-api.ts';
import { createPullQueue } from './constructs/pull-queue.ts';
import { allow } from './constructs/role.ts';
import { runOn } from './constructs/schedule.ts';
import { createStatsBucket } from './constructs/stats-bucket.ts';
import { queueUrls } from './queue-urls.ts';
import { accountsOf, secretsOf } from './secrets.ts';

type Parts = {
  stack: Stack;
  code: (name: FunctionName) => Code;
  table: Table;
  secretsPrefix: string;
  egress: Egress | undefined;
  environment: { STACK: string; TABLE_NAME: string; QUEUE_URLS: string };
  sendDeliveries: PolicyStatement[];
  /** The right to read these secrets. */
  readSecrets: (names: string[]) => PolicyStatement[];
};

export type Statistics = {
  routes: Route[];
  operatorRoutes: Route[];
  /** `{"callkeeper": "https://sqs…"}`, and the right to send there: who erases a lead asks for it to be erased in the exports too. */
  pullQueueUrls: string;
  sendPulls: PolicyStatement[];
};

/** The longest that Lambda allows: a busy day is listed page by page. */
const pullTimeout = Duration.minutes(15);

/** A day of a million calls lies there while it is sorted, at most two kilobytes each: the 512 MB that a function has unless told otherwise do not hold it. */
const pullDisk = Size.gibibytes(2);

const { GET, POST, ANY } = HttpMethod;

/** What pulls calls, keeps them and lets an operator at them, and what takes the providers' hooks. */
export function createStatistics(parts: Parts, config: Config): Statistics {
  const { stack } = parts;
  const bucket = createStatsBucket(stack, longestRetention(config));
  const listed = listedAccounts(config);
  const providers = [...new Set(Object.values(listed.calls).map(({ provider }) => provider))].sort();
  const queues = new Map(
    providers.map((provider) => [provider, createPullQueue(stack, provider, pullTimeout)] as const),
  );
  for (const [provider, queue] of queues) createPullStats(parts, config, bucket, provider, queue);
  if (providers.length > 0) createAthena(stack, bucket, listed);
  const operateStats = createOperateStats(parts, bucket, queues);
  return {
    pullQueueUrls: queueUrls(stack, queues),
    sendPulls: sendTo(queues),
    routes: [{ method: ANY, path: '/hooks/{account}/{secret}', target: createReceiveWebhook(parts) }],
    operatorRoutes: [
      { method: POST, path: '/api/stats/pulls', target: operateStats },
      { method: GET, path: '/api/stats/pulls/{id}', target: operateStats },
      { method: GET, path: '/api/stats/days', target: operateStats },
      { method: GET, path: '/api/stats/file', target: operateStats },
      { method: GET, path: '/api/hooks', target: operateStats },
    ],
  };
}

function createPullStats(parts: Parts, config: Config, bucket: Bucket, provider: string, queue: Queue): void {
  const { stack, code, table, environment, secretsPrefix, egress, sendDeliveries, readSecrets } = parts;
  const { origin, hasLeadJournal } = providerNamed(provider);
  const dataSets = hasLeadJournal ? ['calls', 'leads'] : ['calls'];
  const pullStats = createFunction<'pull-stats'>(stack, `pull-stats-${provider}`, {
    code: code('pull-stats'),
    environment: {
      ...environment,
      SECRETS_PREFIX: secretsPrefix,
      BUCKET_NAME: bucket.bucketName,
      PROVIDER: provider,
      ...(origin === undefined ? {} : { PROVIDER_ORIGIN: origin }),
      ...(egress === undefined ? {} : { ONE_ADDRESS: 'true' }),
      PULL_QUEUE_URL: queue.queueUrl,
    },
    memoryMb: 512,
    timeout: pullTimeout,
    disk: pullDisk,
    egress,
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...sendDeliveries,
      ...allow(
        ['sqs:SendMessage', 'sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'],
        [queue.queueArn],
      ),
      ...allow(['s3:PutObject'], objects(bucket, ...dataSets, 'manifests', 'athena')),
      ...allow(['s3:GetObject'], objects(bucket, ...dataSets, 'manifests')),
      ...allow(['s3:DeleteObject'], objects(bucket, ...dataSets)),
      ...allow(['s3:ListBucket'], [bucket.bucketArn]),
      ...readSecrets([...secretsOf(accountsOf(config, provider)), phoneKey]),
    ],
  });
  acknowledgeObjects(pullStats, bucket, ...dataSets, 'manifests', 'athena');
  pullStats.addEventSourceMapping('pulls', { eventSourceArn: queue.queueArn, batchSize: 1, maxConcurrency: 2 });
  runOn(stack, pullStats, ScheduleExpression.expression(config.stats.schedule));
}

function createOperateStats(parts: Parts, bucket: Bucket, queues: Map<string, Queue>): LambdaFunction {
  const { stack, code, table, environment, secretsPrefix, readSecrets } = parts;
  const operateStats = createFunction<'operate-stats'>(stack, 'operate-stats', {
    code: code('operate-stats'),
    environment: {
      STACK: environment.STACK,
      TABLE_NAME: environment.TABLE_NAME,
      SECRETS_PREFIX: secretsPrefix,
      BUCKET_NAME: bucket.bucketName,
      PULL_QUEUE_URLS: queueUrls(stack, queues),
    },
    memoryMb: 512,
    timeout: Duration.seconds(25),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...sendTo(queues),
      ...allow(['s3:GetObject'], objects(bucket, 'calls', 'leads', 'manifests')),
      ...allow(['s3:ListBucket'], [bucket.bucketArn]),
      ...readSecrets([operatorToken, phoneKey]),
    ],
  });
  acknowledgeObjects(operateStats, bucket, 'calls', 'leads', 'manifests');
  return operateStats;
}

function createReceiveWebhook(parts: Parts): LambdaFunction {
  const { stack, code, table, environment, secretsPrefix, sendDeliveries, readSecrets } = parts;
  return createFunction<'receive-webhook'>(stack, 'receive-webhook', {
    code: code('receive-webhook'),
    environment: { ...environment, SECRETS_PREFIX: secretsPrefix },
    memoryMb: 512,
    timeout: Duration.seconds(10),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...sendDeliveries,
      ...readSecrets([phoneKey]),
    ],
  });
}

/** The accounts whose calls are listed, and those of them that have a journal of leads too. */
function listedAccounts({ accounts }: Config): Record<DataSetName, Config['accounts']> {
  const calls = Object.entries(accounts).filter(([, account]) => providerNamed(account.provider).hasStats(account));
  const leads = calls.filter(([, { provider }]) => providerNamed(provider).hasLeadJournal);
  return { calls: Object.fromEntries(calls), leads: Object.fromEntries(leads) };
}

function sendTo(queues: Map<string, Queue>): PolicyStatement[] {
  return allow(
    ['sqs:SendMessage'],
    [...queues.values()].map((queue) => queue.queueArn),
  );
}

/** A call belongs to an account, not to a form: the form that keeps its leads longest decides. */
function longestRetention({ forms }: Config): number {
  const days = Object.values(forms).map(({ retentionDays }) => retentionDays);
  return days.length === 0 ? formDefaults.retentionDays : Math.max(...days);
}
