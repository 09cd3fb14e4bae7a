import { expect, test } from 'vitest';
import { templateSchema } from '../../../infra/local/intrinsics.ts';
import { readTemplate } from '../../../infra/local/template.ts';

const place = { region: 'eu-central-1', accountId: '000000000000', queueOrigin: 'http://127.0.0.1:4566' };

const read = (resources: Record<string, object>) => readTemplate(templateSchema.parse({ Resources: resources }), place);

const ring = {
  Type: 'AWS::Lambda::Function',
  Metadata: { 'aws:asset:path': 'asset.a1b2' },
  Properties: {
    Handler: 'index.handler',
    MemorySize: 512,
    Timeout: 60,
    Role: { 'Fn::GetAtt': ['ringRole', 'Arn'] },
    Environment: {
      Variables: {
        TABLE_NAME: { Ref: 'leads1' },
        QUEUE_URLS: { 'Fn::Join': ['', ['{"callkeeper":"', { Ref: 'deliveries1' }, '"}']] },
        // biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation's own notation
        PREFIX: { 'Fn::Sub': '/ringback/${AWS::Region}/${leads1.Arn}' },
        LIMIT: 5,
      },
    },
  },
};
const leads = {
  Type: 'AWS::DynamoDB::Table',
  Properties: {
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'dueSort', AttributeType: 'N' },
    ],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    GlobalSecondaryIndexes: [
      {
        IndexName: 'due',
        KeySchema: [{ AttributeName: 'dueSort', KeyType: 'HASH' }],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
    SSESpecification: { SSEEnabled: true },
  },
};
const deadLetters = { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'dead', MessageRetentionPeriod: 1_209_600 } };
const deliveries = {
  Type: 'AWS::SQS::Queue',
  Properties: {
    VisibilityTimeout: 360,
    RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['dead1', 'Arn'] }, maxReceiveCount: 5 },
    SqsManagedSseEnabled: true,
  },
};
const base = { ring1: ring, leads1: leads, dead1: deadLetters, deliveries1: deliveries };

test('reads a function with its bundle, limits and environment', () => {
  expect(read(base).functions).toEqual([
    {
      name: 'ring1',
      arn: 'arn:aws:lambda:eu-central-1:000000000000:function:ring1',
      asset: 'asset.a1b2',
      handler: 'index.handler',
      memoryMb: 512,
      timeoutMs: 60_000,
      environment: {
        TABLE_NAME: 'leads1',
        QUEUE_URLS: '{"callkeeper":"http://127.0.0.1:4566/000000000000/deliveries1"}',
        PREFIX: '/ringback/eu-central-1/arn:aws:dynamodb:eu-central-1:000000000000:table/leads1',
        LIMIT: '5',
      },
    },
  ]);
});

test('reads queues with the attributes that the emulator knows', () => {
  expect(read(base).queues).toEqual([
    {
      name: 'dead',
      url: 'http://127.0.0.1:4566/000000000000/dead',
      arn: 'arn:aws:sqs:eu-central-1:000000000000:dead',
      attributes: { MessageRetentionPeriod: '1209600' },
    },
    {
      name: 'deliveries1',
      url: 'http://127.0.0.1:4566/000000000000/deliveries1',
      arn: 'arn:aws:sqs:eu-central-1:000000000000:deliveries1',
      attributes: {
        VisibilityTimeout: '360',
        RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:dead","maxReceiveCount":5}',
      },
    },
  ]);
});

test('reads tables as CreateTable takes them', () => {
  const { AttributeDefinitions, KeySchema, GlobalSecondaryIndexes } = leads.Properties;
  expect(read(base).tables).toEqual([{ TableName: 'leads1', AttributeDefinitions, KeySchema, GlobalSecondaryIndexes }]);
});

test('follows a route over its integration to the function', () => {
  const route = {
    RouteKey: 'POST /f/{formId}',
    Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'integration1' }]] },
  };
  const integration = { IntegrationUri: { 'Fn::GetAtt': ['ring1', 'Arn'] }, PayloadFormatVersion: '2.0' };
  const { routes } = read({
    ...base,
    route1: { Type: 'AWS::ApiGatewayV2::Route', Properties: route },
    integration1: { Type: 'AWS::ApiGatewayV2::Integration', Properties: integration },
  });
  expect(routes).toEqual([{ key: 'POST /f/{formId}', functionName: 'ring1', timeoutMs: 30_000 }]);
});

test('has no route where the template has none', () => {
  expect(read(base)).toMatchObject({ routes: [], mappings: [], schedules: [] });
});

test('reads which queue feeds which function', () => {
  const mapping = {
    BatchSize: 1,
    MaximumBatchingWindowInSeconds: 1,
    EventSourceArn: { 'Fn::GetAtt': ['deliveries1', 'Arn'] },
    FunctionName: { Ref: 'ring1' },
    FunctionResponseTypes: ['ReportBatchItemFailures'],
    ScalingConfig: { MaximumConcurrency: 2 },
  };
  const disabled = { ...mapping, Enabled: false };
  const { mappings } = read({
    ...base,
    mapping1: { Type: 'AWS::Lambda::EventSourceMapping', Properties: mapping },
    mapping2: { Type: 'AWS::Lambda::EventSourceMapping', Properties: disabled },
  });
  expect(mappings).toEqual([
    {
      queueUrl: 'http://127.0.0.1:4566/000000000000/deliveries1',
      queueArn: 'arn:aws:sqs:eu-central-1:000000000000:deliveries1',
      functionName: 'ring1',
      batchSize: 1,
      batchingWindowSeconds: 1,
      maximumConcurrency: 2,
      reportsFailures: true,
    },
  ]);
});

test('reads schedules with their input, and leaves out those that are switched off', () => {
  const schedule = {
    ScheduleExpression: 'rate(1 minute)',
    Target: {
      Arn: { 'Fn::GetAtt': ['ring1', 'Arn'] },
      RoleArn: { 'Fn::GetAtt': ['dead1', 'Arn'] },
      Input: '{"all":true}',
    },
  };
  const { schedules } = read({
    ...base,
    sweep1: { Type: 'AWS::Scheduler::Schedule', Properties: schedule },
    sweep2: { Type: 'AWS::Scheduler::Schedule', Properties: { ...schedule, State: 'DISABLED' } },
  });
  expect(schedules).toEqual([
    { name: 'sweep1', expression: 'rate(1 minute)', timeZone: 'UTC', functionName: 'ring1', input: { all: true } },
  ]);
});

test('guesses nothing: what it cannot read stops it', () => {
  const withName = (FunctionName: unknown) => ({
    ...base,
    mapping1: {
      Type: 'AWS::Lambda::EventSourceMapping',
      Properties: { EventSourceArn: { 'Fn::GetAtt': ['deliveries1', 'Arn'] }, FunctionName },
    },
  });
  expect(() => read(withName({ Ref: 'gone1' }))).toThrow('refers to "gone1", which it does not have');
  expect(() => read(withName('elsewhere'))).toThrow('points at elsewhere, which is not in it');
  expect(() => read(withName({ 'Fn::Select': [0, ['ring1']] }))).toThrow('cannot read Fn::Select');
  expect(() => read(withName({ 'Fn::GetAtt': ['ring1', 'Version'] }))).toThrow('does not know Version of ring1');
});
