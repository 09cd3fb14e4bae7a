import * as z from 'zod';
import { createResolve, type Place, type Resolve, type Template } from './intrinsics.ts';
import {
  bucketSchema,
  functionSchema,
  integrationSchema,
  mappingSchema,
  queueSchema,
  routeSchema,
  scheduleSchema,
  tableSchema,
} from './template-schemas.ts';

export type FunctionDefinition = {
  name: string;
  arn: string;
  /** Folder of the bundle within the cloud assembly. */
  asset: string;
  /** `index.handler`: file and export. */
  handler: string;
  memoryMb: number;
  timeoutMs: number;
  environment: Record<string, string>;
};

export type RouteDefinition = {
  /** `POST /f/{formId}`, or `$default`. */
  key: string;
  functionName: string;
  timeoutMs: number;
};

export type MappingDefinition = {
  queueUrl: string;
  queueArn: string;
  functionName: string;
  batchSize: number;
  /** How long a batch may take to fill. */
  batchingWindowSeconds: number;
  /** How many batches may be under way at once; undefined: as many as the function takes. */
  maximumConcurrency: number | undefined;
  reportsFailures: boolean;
};

export type QueueDefinition = { name: string; url: string; arn: string; attributes: Record<string, string> };

/** What CreateTable takes. */
export type TableDefinition = z.output<typeof tableSchema> & { TableName: string };

export type ScheduleDefinition = {
  name: string;
  /** EventBridge's notation: `rate(1 minute)`, `cron(0 3 * * ? *)`. */
  expression: string;
  timeZone: string;
  functionName: string;
  input: unknown;
};

/** All that the local host runs. What the template does not have does not exist. */
export type StackDefinition = {
  functions: FunctionDefinition[];
  routes: RouteDefinition[];
  mappings: MappingDefinition[];
  queues: QueueDefinition[];
  tables: TableDefinition[];
  /** Names of the buckets. */
  buckets: string[];
  schedules: ScheduleDefinition[];
};

/** Reads what has to run from the synthesized template. Throws where the template says what cannot be run locally. */
export function readTemplate(template: Template, place: Place): StackDefinition {
  const resolve = createResolve(template, place);
  const all = <Schema extends z.ZodObject>(schema: Schema, ...types: string[]) =>
    Object.entries(template.Resources)
      .filter(([, resource]) => types.includes(resource.Type))
      .map(([id, { Properties }]) => ({ id, ...read(schema, Properties, resolve) }));
  const ref = (id: string) => String(resolve({ Ref: id }));
  const arn = (id: string) => String(resolve({ 'Fn::GetAtt': [id, 'Arn'] }));

  const functions = all(functionSchema, 'AWS::Lambda::Function').map((lambda) => ({
    name: ref(lambda.id),
    arn: arn(lambda.id),
    asset: z.string().parse(template.Resources[lambda.id]?.Metadata['aws:asset:path']),
    handler: lambda.Handler,
    memoryMb: lambda.MemorySize,
    timeoutMs: lambda.Timeout * 1000,
    environment: lambda.Environment.Variables,
  }));
  const queues = all(queueSchema, 'AWS::SQS::Queue').map(({ id, ...properties }) => ({
    name: String(resolve({ 'Fn::GetAtt': [id, 'QueueName'] })),
    url: ref(id),
    arn: arn(id),
    attributes: toAttributes(properties),
  }));
  const integrations = new Map(
    all(integrationSchema, 'AWS::ApiGatewayV2::Integration').map(({ id, ...integration }) => [id, integration]),
  );
  const functionName = (target: string) =>
    find(functions, target, (candidate) => candidate.arn === target || candidate.name === target).name;

  return {
    functions,
    queues,
    routes: all(routeSchema, 'AWS::ApiGatewayV2::Route').map((route) => {
      const integration = integrations.get(route.Target.slice('integrations/'.length));
      if (integration === undefined) throw new Error(`the route ${route.RouteKey} has no integration`);
      return {
        key: route.RouteKey,
        functionName: functionName(integration.IntegrationUri),
        timeoutMs: integration.TimeoutInMillis,
      };
    }),
    mappings: all(mappingSchema, 'AWS::Lambda::EventSourceMapping')
      .filter((mapping) => mapping.Enabled)
      .map((mapping) => ({
        queueUrl: find(queues, mapping.EventSourceArn, (queue) => queue.arn === mapping.EventSourceArn).url,
        queueArn: mapping.EventSourceArn,
        functionName: functionName(mapping.FunctionName),
        batchSize: mapping.BatchSize,
        batchingWindowSeconds: mapping.MaximumBatchingWindowInSeconds,
        maximumConcurrency: mapping.ScalingConfig?.MaximumConcurrency,
        reportsFailures: mapping.FunctionResponseTypes.includes('ReportBatchItemFailures'),
      })),
    tables: all(tableSchema, 'AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable').map(({ id, ...table }) => ({
      TableName: ref(id),
      ...table,
    })),
    buckets: all(bucketSchema, 'AWS::S3::Bucket').map(({ id }) => ref(id)),
    schedules: all(scheduleSchema, 'AWS::Scheduler::Schedule')
      .filter((schedule) => schedule.State === 'ENABLED')
      .map((schedule) => ({
        name: ref(schedule.id),
        expression: schedule.ScheduleExpression,
        timeZone: schedule.ScheduleExpressionTimezone,
        functionName: functionName(schedule.Target.Arn),
        input: JSON.parse(schedule.Target.Input),
      })),
  };
}

/** Resolves and checks only what the host uses, so that roles, keys and the like need no local counterpart. */
function read<Schema extends z.ZodObject>(schema: Schema, properties: Record<string, unknown>, resolve: Resolve) {
  const used = Object.keys(schema.shape).filter((key) => key in properties);
  return schema.parse(Object.fromEntries(used.map((key) => [key, resolve(properties[key])])));
}

function find<Item>(items: Item[], target: string, matches: (item: Item) => boolean): Item {
  const item = items.find(matches);
  if (item === undefined) throw new Error(`the template points at ${target}, which is not in it`);
  return item;
}

function toAttributes(properties: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [
      key,
      typeof value === 'object' ? JSON.stringify(value) : String(value),
    ]),
  );
}
