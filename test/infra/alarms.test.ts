import { expect, test } from 'vitest';
import { metricUnits } from '#shared/log.ts';
import { readable, resourcesOf, synthesizeTemplate } from './synthesized.ts';

type Alarm = {
  AlarmActions: unknown[];
  AlarmDescription: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  TreatMissingData: string;
};
type Statement = { Effect: string; Action: string; Principal: unknown; Condition: unknown };

const template = synthesizeTemplate();
const alarms = resourcesOf<Alarm>(template, 'AWS::CloudWatch::Alarm');
const ids = (type: string) => Object.keys(resourcesOf(template, type));

/** Which metrics of AWS are watched for which of the stack's parts. */
function watched(metric: string): string[] {
  const found = Object.values(alarms).filter(({ MetricName }) => MetricName === metric);
  return found.map(({ Dimensions }) => readable(Dimensions[0]?.Value)).sort();
}

test('every alarm goes to the topic, and names the place where it is mended', () => {
  for (const [id, { AlarmActions, AlarmDescription }] of Object.entries(alarms)) {
    expect(AlarmActions.map(readable), id).toEqual(['<alarms>']);
    expect(AlarmDescription, id).toMatch(/\/console|ringback |Calltouch|\blogs?\b|Scheduler/i);
  }
});

test("Ringback's own metrics are watched for this deployment", () => {
  const own = Object.values(alarms).filter(({ Namespace }) => Namespace === 'Ringback');
  expect(own.map(({ MetricName }) => MetricName).sort()).toEqual([
    'AvoidedAccounts',
    'ExpiredDeliveries',
    'FailedPulls',
    'HeldDeliveries',
    'OldestDueSeconds',
    'PointsLeft',
  ]);
  for (const { Dimensions } of own) expect(Dimensions).toEqual([{ Name: 'stack', Value: 'ringback-dev' }]);
});

test("every function's errors are watched, every queue of dead letters, and the API", () => {
  expect(watched('Errors')).toEqual(
    ids('AWS::Lambda::Function')
      .map((id) => `<${id}>`)
      .sort(),
  );
  const dead = ids('AWS::SQS::Queue').filter((id) => id.startsWith('dead'));
  expect(dead.length).toBeGreaterThanOrEqual(2);
  expect(watched('ApproximateNumberOfMessagesVisible')).toEqual(dead.map((id) => `<${id}.QueueName>`).sort());
  expect(watched('5xx')).toEqual(['<api>']);
});

test('a sweeper that does not run is noticed by its silence', () => {
  expect(watched('Invocations')).toEqual(['<sweepleads>']);
  expect(Object.values(alarms).find(({ MetricName }) => MetricName === 'Invocations')?.TreatMissingData).toBe(
    'breaching',
  );
});

test('the topic is encrypted by a key that is rotated, and only CloudWatch of this account publishes to it, by TLS', () => {
  template.hasResourceProperties('AWS::KMS::Key', { EnableKeyRotation: true });
  const [topic] = Object.values(resourcesOf<{ KmsMasterKeyId: unknown }>(template, 'AWS::SNS::Topic'));
  expect(readable(topic?.KmsMasterKeyId)).toBe('<alarmkey.Arn>');
  const [policy] = Object.values(
    resourcesOf<{ PolicyDocument: { Statement: Statement[] } }>(template, 'AWS::SNS::TopicPolicy'),
  );
  expect(policy?.PolicyDocument.Statement).toMatchObject([
    {
      Effect: 'Allow',
      Action: 'sns:Publish',
      Principal: { Service: 'cloudwatch.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    },
    {
      Effect: 'Deny',
      Action: 'sns:Publish',
      Principal: { AWS: '*' },
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    },
  ]);
});

test('nobody gets an e-mail unless the context names one', () => {
  template.resourceCountIs('AWS::SNS::Subscription', 0);
  const told = synthesizeTemplate({ context: { 'alarm-email': 'owner@acme.example' } });
  told.hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'owner@acme.example' });
  expect(() => synthesizeTemplate({ context: { 'alarm-email': 'owner' } })).toThrow('must be an e-mail address');
});

test('the dashboard shows every metric of our own', () => {
  const [dashboard] = Object.values(resourcesOf<{ DashboardBody: unknown }>(template, 'AWS::CloudWatch::Dashboard'));
  const body = readable(dashboard?.DashboardBody);
  expect(Object.keys(metricUnits).filter((name) => !body.includes(`"${name}"`))).toEqual([]);
});
