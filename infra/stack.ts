import { type App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
import { HttpMethod } from 'aws-cdk-lib/aws-apigatewayv2';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Code, Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { FunctionName } from '#shared/config/environment.ts';
import type { Config } from '#shared/config/schema.ts';
import { operatorToken, phoneKey } from '#shared/config/secrets.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createFunction } from './constructs/bundled-function.ts';
import { createDeliveryQueue } from './constructs/delivery-queue.ts';
import { createEgress, type Egress } from './constructs/egress.ts';
import { createHttpApi } from './constructs/http-api.ts';
import { createLeadTable, indexArn } from './constructs/lead-table.ts';
import { runEveryMinute } from './constructs/minutely.ts';
import { allow } from './constructs/role.ts';
import { accountsOf, secretsOf } from './secrets.ts';

export type StackProps = {
  config: Config;
  /** Name of the deployment, such as `prod`: part of the stack's name and of the secrets' path. */
  stage: string;
  /** The code of each function. */
  code: (name: FunctionName) => Code;
};

const forwardTimeout = Duration.seconds(60);

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
    environment: { TABLE_NAME: table.tableName, QUEUE_URLS: queueUrls(stack, queues) },
    sendDeliveries: allow(
      ['sqs:SendMessage'],
      [...queues.values()].map((queue) => queue.queueArn),
    ),
  };

  for (const [provider, queue] of queues) createForwardLead(shared, config, provider, queue);
  runEveryMinute(stack, createSweepLeads(shared));
  const submitLead = createSubmitForm(shared);
  const operateLeads = createOperateLeads(shared);
  const api = createHttpApi(stack, [
    { method: HttpMethod.ANY, path: '/f/{formId}', target: submitLead },
    { method: HttpMethod.GET, path: '/api/leads', target: operateLeads },
    { method: HttpMethod.GET, path: '/api/leads/{id}', target: operateLeads },
  ]);

  new CfnOutput(stack, 'ApiUrl', { value: api.apiEndpoint });
  new CfnOutput(stack, 'SecretParameters', {
    description: 'Names of the SecureString parameters to put into SSM before the first lead',
    value: [...secretsOf(Object.values(config.accounts)), operatorToken, phoneKey]
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
  environment: { TABLE_NAME: string; QUEUE_URLS: string };
  sendDeliveries: PolicyStatement[];
};

function createSubmitForm({ stack, code, table, environment, sendDeliveries }: Shared): LambdaFunction {
  return createFunction<'submit-form'>(stack, 'submit-form', {
    code: code('submit-form'),
    environment,
    memoryMb: 1024,
    timeout: Duration.seconds(10),
    statements: [...allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]), ...sendDeliveries],
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
    ...(maxConcurrency === undefined ? {} : { maxConcurrency }),
    reportBatchItemFailures: true,
  });
}

function createSweepLeads({ stack, code, table, environment, sendDeliveries }: Shared): LambdaFunction {
  return createFunction<'sweep-leads'>(stack, 'sweep-leads', {
    code: code('sweep-leads'),
    environment,
    memoryMb: 512,
    timeout: Duration.seconds(55),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...allow(['dynamodb:Query'], [indexArn(table, 'work')]),
      ...sendDeliveries,
    ],
  });
}

function createOperateLeads(shared: Shared): LambdaFunction {
  const { stack, code, table, environment, secretsPrefix, sendDeliveries } = shared;
  return createFunction<'operate-leads'>(stack, 'operate-leads', {
    code: code('operate-leads'),
    environment: { ...environment, SECRETS_PREFIX: secretsPrefix },
    memoryMb: 512,
    timeout: Duration.seconds(10),
    statements: [
      ...allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:PutItem'], [table.tableArn]),
      ...allow(['dynamodb:Query'], [indexArn(table, 'list'), indexArn(table, 'review')]),
      ...sendDeliveries,
      ...readSecrets(shared, [operatorToken]),
    ],
  });
}

/** `{"callkeeper": "https://sqs…"}` */
function queueUrls(stack: Stack, queues: Map<string, Queue>): string {
  return stack.toJsonString(Object.fromEntries([...queues].map(([provider, queue]) => [provider, queue.queueUrl])));
}

function readSecrets({ stack, secretsPrefix }: Shared, names: string[]): PolicyStatement[] {
  const arns = names.map((name) =>
    stack.formatArn({ service: 'ssm', resource: 'parameter', resourceName: `${secretsPrefix.slice(1)}${name}` }),
  );
  return allow(['ssm:GetParameter'], arns);
}
