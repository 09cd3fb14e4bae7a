import { describe, expect, test } from 'vitest';
import { metricUnits } from '#shared/log.ts';
import { config, readable, resourcesOf, type Settings, synthesizeTemplate } from './synthesized.ts';

type Alarm = {
  AlarmActions: unknown[];
  AlarmDescription: string;
  Namespace: string;
  MetricName: string;
  Dimensions: { Name: string; Value: unknown }[];
  TreatMissingData: string;
  Statistic: string;
  Threshold: number;
  Period: number;
  EvaluationPeriods: number;
  ComparisonOperator: string;
  Metrics?: { Id: string; Expression?: string; MetricStat?: { Metric: Pick<Alarm, 'MetricName' | 'Dimensions'> } }[];
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
    'MinutesLeft',
    'OldestDueSeconds',
    'PaidDaysLeft',
    'PointsLeft',
    'StatsAgeSeconds',
    'StatsAgeSeconds',
  ]);
  for (const { Dimensions } of own) expect(Dimensions).toEqual([{ Name: 'stack', Value: 'ringback-dev' }]);
});

test('each alarm goes off when its metric is this, and at nothing else', () => {
  const signs: Record<string, string> = { GreaterThanOrEqualToThreshold: '>=', LessThanOrEqualToThreshold: '<=' };
  const found = Object.entries(alarms).map(([id, alarm]) => {
    const { MetricName, Statistic, ComparisonOperator, Threshold, Period, EvaluationPeriods, TreatMissingData } = alarm;
    const metric = alarm.Metrics !== undefined ? 'expression' : `${Statistic} ${MetricName}`;
    const times = `${EvaluationPeriods} x ${Period ?? 300} s`;
    return [id, `${metric} ${signs[ComparisonOperator]} ${Threshold}, ${times}, missing ${TreatMissingData}`];
  });
  const once = '1 x 300 s, missing notBreaching';
  const errors = ids('AWS::Lambda::Function').map((id) => [`alarmerrors${id}`, `Sum Errors >= 1, ${once}`]);
  const dead = ids('AWS::SQS::Queue')
    .filter((id) => id.startsWith('dead'))
    .map((id) => [`alarm${id}`, `Maximum ApproximateNumberOfMessagesVisible >= 1, ${once}`]);
  expect(Object.fromEntries(found)).toEqual({
    alarmheld: `Sum HeldDeliveries >= 1, ${once}`,
    alarmwaiting: 'expression >= 1, 6 x 300 s, missing notBreaching',
    alarmexpired: `Sum ExpiredDeliveries >= 1, ${once}`,
    alarmoverdue: 'Maximum OldestDueSeconds >= 300, 2 x 300 s, missing notBreaching',
    alarmaccountavoided: `Sum AvoidedAccounts >= 1, ${once}`,
    alarmpointsusedup: `Minimum PointsLeft <= 0, ${once}`,
    alarmbalancelow: 'Minimum MinutesLeft <= 60, 1 x 300 s, missing ignore',
    alarmpaidperiodends: 'Minimum PaidDaysLeft <= 3, 1 x 300 s, missing ignore',
    alarmstatisticsfailed: `Sum FailedPulls >= 1, ${once}`,
    alarmstatisticslate: 'Maximum StatsAgeSeconds >= 10800, 1 x 300 s, missing ignore',
    alarmstatisticssilent: 'SampleCount StatsAgeSeconds <= 0, 3 x 3600 s, missing breaching',
    alarmsweepersilent: 'Sum Invocations <= 0, 1 x 300 s, missing breaching',
    alarmhttperrors: `Sum 5xx >= 1, ${once}`,
    ...Object.fromEntries([...errors, ...dead]),
  });
});

test('leads that wait are told of half an hour after they began to, and again as long as they wait', () => {
  const waiting = Object.values(alarms).find(({ Metrics }) => Metrics !== undefined);
  expect(waiting).toMatchObject({ Threshold: 1, EvaluationPeriods: 6, TreatMissingData: 'notBreaching' });
  expect(waiting?.AlarmDescription).toContain('retry, release or cancel');
  const metrics = waiting?.Metrics ?? [];
  expect(metrics.find(({ MetricStat }) => MetricStat)).toMatchObject({
    Id: 'waiting',
    MetricStat: { Metric: { MetricName: 'WaitingLeads', Dimensions: [{ Name: 'stack', Value: 'ringback-dev' }] } },
  });
  const expression = metrics.find(({ Expression }) => Expression)?.Expression ?? '';
  /** The expression at an instant: CloudWatch's functions of a measurement's time, UTC, in the words of this language. */
  const seenAt = (hour: number, minute: number) => {
    const IF = (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise);
    const code = expression.replaceAll(' OR ', ' || ').replaceAll(' AND ', ' && ');
    const evaluate = new Function('IF', 'HOUR', 'MINUTE', 'waiting', `return ${code}`);
    return evaluate(
      IF,
      () => hour,
      () => minute,
      3,
    ) as number;
  };
  const periods = Array.from({ length: 24 * 12 }, (_, index) => [Math.floor(index / 12), (index % 12) * 5] as const);
  expect(periods.filter(([hour, minute]) => seenAt(hour, minute) === 0)).toEqual([
    [6, 0],
    [10, 0],
    [14, 0],
  ]);
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

describe('statistics', () => {
  const about = (settings: Settings, metric: string) => {
    const found = Object.values(resourcesOf<Alarm>(synthesizeTemplate(settings), 'AWS::CloudWatch::Alarm'));
    return found
      .filter(({ MetricName }) => MetricName === metric)
      .map(({ Statistic, Threshold, Period, EvaluationPeriods, TreatMissingData }) =>
        [Statistic, Threshold, (Period * EvaluationPeriods) / 3600, TreatMissingData].join(' '),
      );
  };
  const every = (schedule: string): Settings => ({ stats: { ...config.stats, schedule } });

  test('are late when a run was missed and the next one has not made up for it, and silent when nothing runs', () => {
    const fiveMinutes = 5 / 60;
    expect(about(every('rate(1 hour)'), 'StatsAgeSeconds')).toEqual([
      `Maximum ${3 * 3600} ${fiveMinutes} ignore`,
      'SampleCount 0 3 breaching',
    ]);
    expect(about(every('cron(0 3 * * ? *)'), 'StatsAgeSeconds')).toEqual([
      `Maximum ${49 * 3600} ${fiveMinutes} ignore`,
      'SampleCount 0 49 breaching',
    ]);
  });

  test('that are pulled too seldom for an alarm have none', () => {
    expect(about(every('rate(7 days)'), 'StatsAgeSeconds')).toEqual([]);
  });

  test('of no account at all have none', () => {
    const accounts = { hook: { provider: 'webhook', url: 'https://a.example/', signingSecret: { secret: 'hook' } } };
    expect(about({ accounts, forms: {} }, 'StatsAgeSeconds')).toEqual([]);
  });

  test('tell of little balance and of the end of the paid period, which hold until the next reading', () => {
    expect(about({}, 'MinutesLeft')).toEqual([expect.stringMatching(/^Minimum 60 .* ignore$/)]);
    expect(about({}, 'PaidDaysLeft')).toEqual([expect.stringMatching(/^Minimum 3 .* ignore$/)]);
  });
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
