import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { callSet, leadSet } from '#shared/stats/data-set.ts';
import { config, readable, resourcesOf, synthesizeTemplate } from './synthesized.ts';

type Bucket = { LifecycleConfiguration: { Rules: { Prefix?: string; ExpirationInDays?: number }[] } };

const template = synthesizeTemplate();

describe('the bucket of the statistics', () => {
  test('is encrypted, nobody else may see into it, and it outlives the stack', () => {
    template.hasResource('AWS::S3::Bucket', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BucketEncryption: {
          ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
        },
        PublicAccessBlockConfiguration: {
          BlockPublicAcls: true,
          BlockPublicPolicy: true,
          IgnorePublicAcls: true,
          RestrictPublicBuckets: true,
        },
      },
    });
  });

  test('forgets a day as long after it was written as the most patient form keeps its leads, the manifest first', () => {
    const expiry = (days: number) => {
      const forms = { order: { ...config.forms['order'], retentionDays: days } } as typeof config.forms;
      const buckets = resourcesOf<Bucket>(synthesizeTemplate({ forms }), 'AWS::S3::Bucket');
      const rules = Object.values(buckets).flatMap(({ LifecycleConfiguration }) => LifecycleConfiguration.Rules);
      return Object.fromEntries(rules.map(({ Prefix = '', ExpirationInDays }) => [Prefix, ExpirationInDays]));
    };
    expect(expiry(30)).toMatchObject({ 'manifests/': 30, 'athena/': 30, 'calls/': 31, 'leads/': 31 });
    expect(expiry(400)).toMatchObject({ 'manifests/': 400, 'athena/': 400, 'calls/': 401, 'leads/': 401 });
  });

  test('refuses requests without TLS', () => {
    template.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 's3:*', Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});

describe('the pulls', () => {
  type Lambda = {
    Environment: { Variables: Record<string, unknown> };
    Timeout: number;
    EphemeralStorage?: { Size: number };
  };
  const functions = resourcesOf<Lambda>(template, 'AWS::Lambda::Function');
  const environmentOf = (id: string) =>
    Object.fromEntries(
      Object.entries(functions[id]?.Environment.Variables ?? {}).map(([key, value]) => [
        key,
        readable(value).replace(/<((?:deliveries|pulls)\w+)>/g, 'https://deploy.example/$1'),
      ]),
    );

  test.each(['callkeeper', 'calltouch'])('of %s run on the schedule of the config', (provider) => {
    type Schedule = { ScheduleExpression: string; Target: { Arn: unknown } };
    const schedules = Object.values(resourcesOf<Schedule>(template, 'AWS::Scheduler::Schedule'));
    const runs = schedules.map(({ ScheduleExpression, Target }) => [ScheduleExpression, readable(Target.Arn)]);
    expect(runs).toContainEqual(['rate(1 hour)', `<pullstats${provider}.Arn>`]);
  });

  test.each(['callkeeper', 'calltouch'])('of %s have the disk for a day of a million calls', (provider) => {
    expect(functions[`pullstats${provider}`]?.EphemeralStorage).toEqual({ Size: 2048 });
  });

  test.each(['callkeeper', 'calltouch'])('of %s go on through a queue of their own, one at a time', (provider) => {
    const parsed = parseEnvironment(
      z.strictObject(environments['pull-stats'].shape),
      environmentOf(`pullstats${provider}`),
    );
    expect(parsed).toMatchObject({
      PROVIDER: provider,
      BUCKET_NAME: '<stats>',
      PULL_QUEUE_URL: `https://deploy.example/pulls${provider}`,
    });
    type Mapping = { BatchSize: number; FunctionName: unknown; EventSourceArn: unknown };
    const mappings = Object.values(resourcesOf<Mapping>(template, 'AWS::Lambda::EventSourceMapping'));
    const own = mappings.find(({ FunctionName }) => readable(FunctionName) === `<pullstats${provider}>`);
    expect(readable(own?.EventSourceArn)).toBe(`<pulls${provider}.Arn>`);
    expect(own?.BatchSize).toBe(1);
  });

  test('that are cut off go on when their function cannot be running any more', () => {
    const queues = resourcesOf<{ VisibilityTimeout: number }>(template, 'AWS::SQS::Queue');
    expect(queues['pullscallkeeper']?.VisibilityTimeout).toBe(functions['pullstatscallkeeper']?.Timeout);
  });

  test('are asked for, and their files read, by a function that starts with what it gets', () => {
    const parsed = parseEnvironment(z.strictObject(environments['operate-stats'].shape), environmentOf('operatestats'));
    expect(parsed.PULL_QUEUE_URLS).toEqual({
      callkeeper: 'https://deploy.example/pullscallkeeper',
      calltouch: 'https://deploy.example/pullscalltouch',
    });
    expect(
      parseEnvironment(z.strictObject(environments['receive-webhook'].shape), environmentOf('receivewebhook')),
    ).toBeDefined();
  });
});

describe('the tables for SQL', () => {
  type Column = { Name: string; Type: string };
  type Table = {
    TableInput: {
      Name: string;
      Parameters: Record<string, unknown>;
      PartitionKeys: Column[];
      StorageDescriptor: { Columns: Column[]; Location: unknown };
    };
  };
  const tables = Object.values(resourcesOf<Table>(template, 'AWS::Glue::Table')).map(({ TableInput }) => TableInput);
  const tableOf = (name: string) => {
    const found = tables.find(({ Name }) => Name === name);
    if (found === undefined) throw new Error(`there is no table ${name}`);
    return found;
  };

  test.each([callSet, leadSet])(
    'have every column of the files of $name once, those of the path as partitions',
    (set) => {
      const { StorageDescriptor, PartitionKeys } = tableOf(set.name);
      const names = [...StorageDescriptor.Columns, ...PartitionKeys].map(({ Name }) => Name);
      const expected = [...Object.keys(set.columns).map((name) => name.toLowerCase()), 'date'];
      expect(names.toSorted()).toEqual(expected.toSorted());
    },
  );

  test.each([
    ['calls', 'callkeeper,calltouch', 'sales,support,adverts'],
    ['leads', 'calltouch', 'adverts'],
  ])('work out the partitions of %s, so that no day has to be added', (name, providers, accounts) => {
    const { Parameters } = tableOf(name);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.provider.values': providers,
      'projection.account.values': accounts,
      'projection.date.format': 'yyyy-MM-dd',
    });
    expect(readable(Parameters['storage.location.template'])).toBe(
      `s3://<stats>/athena/${name}/provider=\${provider}/account=\${account}/date=\${date}`,
    );
  });

  test('comes with the questions that owners ask', () => {
    const queries = Object.values(
      resourcesOf<{ Name: string; QueryString: string }>(template, 'AWS::Athena::NamedQuery'),
    );
    expect(queries.map(({ Name }) => Name).sort()).toEqual([
      'answer-rate',
      'cost-by-utm',
      'missed-calls-by-hour',
      'speed-to-lead',
    ]);
  });
});

test('a deployment whose accounts list no calls has nothing to pull', () => {
  const accounts = {
    hook: { provider: 'webhook', url: 'https://acme.example/hook', signingSecret: { secret: 'hook' } },
  };
  const small = synthesizeTemplate({
    accounts,
    forms: {},
  });
  small.resourceCountIs('AWS::Glue::Table', 0);
  expect(Object.keys(resourcesOf(small, 'AWS::SQS::Queue')).filter((id) => id.startsWith('pulls'))).toEqual([]);
});
