import { type App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { captchas } from '#shared/config/captchas.ts';
import type { FunctionName } from '#shared/config/environment.ts';
import type { Config } from '#shared/config/schema.ts';
import { operatorToken, phoneKey, secretNames } from '#shared/config/secrets.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createAlarms } from './alarms.ts';
import { createFunction } from './constructs/bundled-function.ts';
import { createDeliveryQueue } from './constructs/delivery-queue.ts';
import { createEgress, type Egress } from './constructs/egress.ts';
import { createHttpApi } from './constructs/http-api.ts';
import { createLeadTable, indexArn } from './constructs/lead-table.ts';
import { allow } from './constructs/role.ts';
import { runOn } from './constructs/schedule.ts';
import { createDashboard } from './dashboard.ts';
import { queueUrls } from './queue-urls.ts';
import { accountsOf, captchasOf, secretsOf } from './secrets.ts';
import { createStatistics, type Statistics } from './statistics.ts';

export type StackProps = {
  config: Config;
  /** Name of the deployment, such as `prod`: part of the stack's name and of the secrets' path. */
  stage: string;
  /** The code of each function. */
  code: (name: FunctionName) => Code;
};

const forwardTimeout = Duration.seconds(60);

/** Copies may wait this long for a batch, whose slots are reserved at once; a phone may not. */
const gatherTime = Duration.seconds(1);

const { GET, POST, DELETE } = HttpMethod;
const operatorRoutes = [
  { method: GET, path: '/api/leads' },
  { method: GET, path: '/api/leads/{id}' },
  { method: POST, path: '/api/leads/{id}/retry' },
  { method: POST, path: '/api/leads/{id}/cancel' },
  { method: POST, path: '/api/leads/{id}/release' },
  { method: DELETE, path: '/api/leads/{id}' },
  { method: GET, path: '/api/counts' },
  { method: GET, path: '/api/accounts' },
  { method: POST, path: '/api/accounts/{account}/release' },
];

/** Plenty for a person and a script, and slow for whoever guesses tokens. Per route. */
const operatorThrottle = { rateLimit: 10, burstLimit: 20 };

/** Everything that a deployment consists of, for one config. */
export function createStack(app: App, { config, stage, code }: StackProps): Stack {
  const stack = new Stack(app, `ringback-${stage}`, { analyticsReporting: false });
  const providers = [...new Set(Object.values(config.accounts).map((account) => account.provider))].sort();
  const table = createLeadTable(stack);
  const queues = new Map(
    providers.map((provider) => [provider, createDeliveryQueue(stack, provider, forwardTimeout)] as const),
  );
  const shared: Shared = {
    stack,
    code,
    table,
    secretsPrefix: `/ringback/${stage}/`,
    egress: createEgress(stack, config.egress),
    environment: { STACK: stack.stackName, TABLE_NAME: table.tableName, QUEUE_URLS: queueUrls(stack, queues) },
    sendDeliveries: allow(
      ['sqs:SendMessage'],
      [...queues.values()].map((queue) => queue.queueArn),
    ),
  };

  for (const [provider, queue] of queues) createForwardLead(shared, config, provider, queue);
  runOn(stack, createSweepLeads(shared), ScheduleExpression.rate(Duration.minutes(1)));
  const submitLead = createSubmitForm(shared, config);
  const serveConsole = createServeFiles(shared, 'serve-console');
  const serveHelper = createServeFiles(shared, 'serve-helper');
  const statistics = createStatistics({ ...shared, readSecrets: (names) => readSecrets(shared, names) }, config);
  const operateLeads = createOperateLeads(shared, statistics);
  const api = createHttpApi(stack, [
    { method: HttpMethod.ANY, path: '/f/{formId}', target: submitLead },
    { method: GET, path: '/f/{formId}/stamp', target: submitLead },
    { method: GET, path: '/ringback.js', target: serveHelper },
    ...operatorRoutes.map(({ method, path }) => ({ method, path, target: operateLeads, throttle: operatorThrottle })),
    { method: GET, path: '/console', target: serveConsole },
    { method: GET, path: '/console/{file}', target: serveConsole },
    ...statistics.operatorRoutes.map((route) => ({ ...route, throttle: operatorThrottle })),
    ...statistics.routes,
  ]);
  createDashboard(stack, createAlarms(stack, config));

  new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
  const version: unknown = app.node.tryGetContext('version');
  if (typeof version === 'string') new CfnOutput(stack, 'Version', { value: version });
  new CfnOutput(stack, 'SecretParameters', {
    description: 'Names of the SecureString parameters to put into SSM before the first lead',
    value: secretNames(config)
      .map((name) => shared.secretsPrefix + name)
      .join(','),
  });
  return stack;
}

/** What the functions have in common. */
type Shared = {
  stack: Stack;
  code: (name: FunctionName) => Code;
  table: Table;
  secretsPrefix: string;
  egress: Egress | undefined;
  environment: { STACK: string; TABLE_NAME: string; QUEUE_URLS: string };
  sendDeliveries: PolicyStatement[];
};

function createSubmitForm(shared: Shared, config: Config): LambdaFunction {
  const { stack, code, table, environment, secretsPrefix, sendDeliveries } = shared;
  const origins = Object.fromEntries(Object.entries(captchas).map(([kind, { origin }]) => [kind, origin]));
  return createFunction<'submit-form'>(stack, 'submit-form', {
    code: code('submit-form'),
    environment: { ...environment, SECRETS_PREFIX: secretsPrefix, CAPTCHA_ORIGINS: JSON.stringify(origins) },
    memoryMb: 1024,
    timeout: Duration.seconds(10),
    statements: [
      // UpdateItem counts what one address sends.
      ...allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'], [table.tableArn]),
      ...sendDeliveries,
      ...readSecrets(shared, secretsOf(captchasOf(config))),
    ],
  });
}

function createForwardLead(shared: Shared, config: Config, provider: string, queue: Queue): void {
  const { stack, code, table, environment, secretsPrefix, sendDeliveries, egress } = shared;
  const { origin, batchSize, maxConcurrency } = providerNamed(provider);
  const forwardLead = createFunction<'forward-lead'>(stack, `forward-lead-${provider}`, {
    code: code('forward-lead'),
    environment: {
      ...environment,
      SECRETS_PREFIX: secretsPrefix,
      PROVIDER: provider,
      ...(origin === undefined ? {} : { PROVIDER_ORIGIN: origin }),
      ...(egress === undefined ? {} : { ONE_ADDRESS: 'true' }),
    },
    memoryMb: 512,
    timeout: forwardTimeout,
    egress,
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...sendDeliveries,
      ...allow(['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:GetQueueAttributes'], [queue.queueArn]),
      ...readSecrets(shared, [...secretsOf(accountsOf(config, provider)), phoneKey]),
    ],
  });
  forwardLead.addEventSourceMapping('deliveries', {
    eventSourceArn: queue.queueArn,
    batchSize,
    ...(batchSize > 1 && !rings(config, provider) ? { maxBatchingWindow: gatherTime } : {}),
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    reportBatchItemFailures: true,
  });
}

/** Whether a form rings phones through this provider. */
function rings({ accounts, forms }: Config, provider: string): boolean {
  return Object.values(forms).some(({ call }) => call.some((id) => accounts[id]?.provider === provider));
}

function createSweepLeads({ stack, code, table, environment, sendDeliveries }: Shared): LambdaFunction {
  return createFunction<'sweep-leads'>(stack, 'sweep-leads', {
    code: code('sweep-leads'),
    environment,
    memoryMb: 512,
    timeout: Duration.seconds(55),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...allow(['dynamodb:Query'], [indexArn(table, 'work'), indexArn(table, 'review')]),
      ...sendDeliveries,
    ],
  });
}

function createOperateLeads(shared: Shared, { pullQueueUrls, sendPulls }: Statistics): LambdaFunction {
  const { stack, code, table, environment, secretsPrefix, sendDeliveries, egress } = shared;
  return createFunction<'operate-leads'>(stack, 'operate-leads', {
    code: code('operate-leads'),
    environment: {
      ...environment,
      SECRETS_PREFIX: secretsPrefix,
      ...(egress?.address === undefined ? {} : { EGRESS_ADDRESS: egress.address }),
      PULL_QUEUE_URLS: pullQueueUrls,
    },
    memoryMb: 512,
    timeout: Duration.seconds(10),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...allow(['dynamodb:Query'], [indexArn(table, 'list'), indexArn(table, 'review')]),
      ...sendDeliveries,
      ...sendPulls,
      ...readSecrets(shared, [operatorToken, phoneKey]),
    ],
  });
}

/** Hands out files that anybody may have: it has no right to anything. */
function createServeFiles({ stack, code }: Shared, name: 'serve-console' | 'serve-helper'): LambdaFunction {
  return createFunction<typeof name>(stack, name, {
    code: code(name),
    environment: {},
    memoryMb: 256,
    timeout: Duration.seconds(5),
    statements: [],
  });
}

function readSecrets({ stack, secretsPrefix }: Shared, names: string[]): PolicyStatement[] {
  const arns = names.map((name) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${secretsPrefix.slice(1)}${name}` }),
  );
  return allow(['ssm:GetParameter'], arns);
}
