import { describe, expect, test } from 'vitest';
import { egresses, readable, resourcesOf, synthesizeTemplate } from './synthesized.ts';

type Statement = { Effect: string; Action: string; Principal: unknown; Condition?: unknown };
type Policy = { PolicyDocument: { Statement: Statement[] }; Queues?: unknown[]; Bucket?: unknown };
type Trusting = { AssumeRolePolicyDocument: { Statement: Statement[] } };
type Permission = { Action: string; Principal: unknown; SourceArn: unknown };

const insecure = { Bool: { 'aws:SecureTransport': 'false' } };
const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const onlyByTls = (Action: string, Condition: object = insecure) => ({
  Effect: 'Deny',
  Action,
  Principal: { AWS: '*' },
  Condition,
});
const trust = (service: string, others: object = {}) => ({
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { Service: service },
  ...others,
});
const ignoringResources = (statements: Statement[]) =>
  statements.map((statement) => ({ ...statement, Resource: undefined, Sid: undefined }));

describe.each(egresses)('with egress %s', (egress) => {
  const template = synthesizeTemplate({ egress });
  const ids = (type: string) => Object.keys(resourcesOf(template, type)).sort();
  const policies = (type: string) => Object.values(resourcesOf<Policy>(template, type));

  test('a role is taken on by the service that it is for and by nobody else', () => {
    for (const [id, role] of Object.entries(resourcesOf<Trusting>(template, 'AWS::IAM::Role'))) {
      const expected = id.endsWith('schedulerole')
        ? trust('scheduler.amazonaws.com', { Condition: ofThisAccount })
        : trust(id.startsWith('networkexit') ? 'ec2.amazonaws.com' : 'lambda.amazonaws.com');
      expect(role.AssumeRolePolicyDocument.Statement, id).toEqual([expected]);
    }
  });

  test('a function has no address of its own, and is called by the routes of this API', () => {
    template.resourceCountIs('AWS::Lambda::Url', 0);
    for (const permission of Object.values(resourcesOf<Permission>(template, 'AWS::Lambda::Permission'))) {
      expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' });
      expect(readable(permission.SourceArn)).toMatch(
        /^arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<api>\//,
      );
    }
  });

  test('the policies of queues and of the bucket let nobody in, and nobody without TLS', () => {
    const queues = policies('AWS::SQS::QueuePolicy');
    expect(queues.flatMap(({ Queues = [] }) => Queues.map(readable)).sort()).toEqual(
      ids('AWS::SQS::Queue').map((id) => `<${id}>`),
    );
    for (const { PolicyDocument } of queues) {
      expect(ignoringResources(PolicyDocument.Statement)).toEqual([onlyByTls('sqs:*')]);
    }
    const buckets = policies('AWS::S3::BucketPolicy');
    expect(buckets.map(({ Bucket }) => readable(Bucket))).toEqual(ids('AWS::S3::Bucket').map((id) => `<${id}>`));
    for (const { PolicyDocument } of buckets) {
      expect(ignoringResources(PolicyDocument.Statement)).toEqual([
        onlyByTls('s3:*'),
        onlyByTls('s3:*', { NumericLessThan: { 's3:TlsVersion': 1.2 } }),
      ]);
    }
  });

  test('the table has no policy, and there is no other resource with one', () => {
    const [table] = Object.values(resourcesOf<object>(template, 'AWS::DynamoDB::Table'));
    expect(table).toBeDefined();
    expect(table).not.toHaveProperty('ResourcePolicy');
    const types = Object.values(template.toJSON()['Resources'] as Record<string, { Type: string }>).map((r) => r.Type);
    expect([...new Set(types)].filter((type) => /Policy$|Permission$/.test(type)).sort()).toEqual([
      'AWS::Lambda::Permission',
      'AWS::S3::BucketPolicy',
      'AWS::SNS::TopicPolicy',
      'AWS::SQS::QueuePolicy',
    ]);
  });
});
