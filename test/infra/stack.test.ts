import { Match, type Template } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { indexNames } from '#shared/store/table.ts';
import { routes as operateRoutes } from '../../functions/operate-leads/operate-leads.ts';
import { routes as operateStatsRoutes } from '../../functions/operate-stats/operate-stats.ts';
import { config, readable, resourcesOf, synthesizeTemplate } from './synthesized.ts';

const template = synthesizeTemplate();

describe('the table', () => {
  test('is encrypted, restorable, kept from deletion, and forgets what has expired', () => {
    template.hasResource('AWS::DynamoDB::Table', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: {
        BillingMode: 'PAY_PER_REQUEST',
        DeletionProtectionEnabled: true,
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        SSESpecification: { SSEEnabled: true },
        TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
      },
    });
  });

  test.each(indexNames)('has the index %s, of keys only', (index) => {
    template.hasResourceProperties('AWS::DynamoDB::Table', {
      GlobalSecondaryIndexes: Match.arrayWith([
        {
          IndexName: index,
          KeySchema: [
            { AttributeName: `${index}Partition`, KeyType: 'HASH' },
            { AttributeName: `${index}Sort`, KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ]),
    });
  });
});

describe('the queues', () => {
  type Queue = { SqsManagedSseEnabled?: boolean; VisibilityTimeout?: number; RedrivePolicy?: Redrive };
  type Redrive = { deadLetterTargetArn: unknown; maxReceiveCount: number };
  type Policy = { Queues: unknown[]; PolicyDocument: { Statement: Record<string, unknown>[] } };
  const all = resourcesOf<Queue>(template, 'AWS::SQS::Queue');
  const queues = Object.fromEntries(Object.entries(all).filter(([id]) => /^(deliveries|deadletters)/.test(id)));
  const policies = Object.values(resourcesOf<Policy>(template, 'AWS::SQS::QueuePolicy'));

  test('are one for each provider, with dead letters behind it', () => {
    const names = ['deadletterscallkeeper', 'deadletterscalltouch', 'deliveriescallkeeper', 'deliveriescalltouch'];
    expect(Object.keys(queues).sort()).toEqual(names);
    for (const provider of ['callkeeper', 'calltouch']) {
      const redrive = queues[`deliveries${provider}`]?.RedrivePolicy;
      expect(readable(redrive?.deadLetterTargetArn)).toBe(`<deadletters${provider}.Arn>`);
      expect(redrive?.maxReceiveCount).toBe(5);
    }
  });

  test.each(Object.keys(all))('%s is encrypted and refuses requests without TLS', (id) => {
    expect(all[id]?.SqsManagedSseEnabled).toBe(true);
    const policy = policies.find(({ Queues }) => Queues.map(readable).includes(`<${id}>`));
    expect(policy?.PolicyDocument.Statement).toContainEqual(
      expect.objectContaining({
        Action: 'sqs:*',
        Effect: 'Deny',
        Principal: { AWS: '*' },
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      }),
    );
  });

  test('hide a message for six times as long as its function may run', () => {
    const functions = resourcesOf<{ Timeout: number }>(template, 'AWS::Lambda::Function');
    for (const provider of ['callkeeper', 'calltouch']) {
      const timeout = functions[`forwardlead${provider}`]?.Timeout ?? Number.NaN;
      expect(queues[`deliveries${provider}`]?.VisibilityTimeout).toBe(6 * timeout);
    }
  });

  test('feed each the function of its provider, which tells the failed messages from the rest', () => {
    type Mapping = {
      EventSourceArn: unknown;
      FunctionName: unknown;
      FunctionResponseTypes: string[];
      BatchSize: number;
    };
    const mappings = Object.values(resourcesOf<Mapping>(template, 'AWS::Lambda::EventSourceMapping')).filter(
      ({ FunctionName }) => readable(FunctionName).startsWith('<forwardlead'),
    );
    expect(mappings.map((mapping) => [readable(mapping.EventSourceArn), readable(mapping.FunctionName)])).toEqual([
      ['<deliveriescallkeeper.Arn>', '<forwardleadcallkeeper>'],
      ['<deliveriescalltouch.Arn>', '<forwardleadcalltouch>'],
    ]);
    for (const mapping of mappings) expect(mapping.FunctionResponseTypes).toEqual(['ReportBatchItemFailures']);
    expect(mappings[0]?.BatchSize).toBe(1);
  });

  test('gather copies into batches, but keep no phone waiting', () => {
    type Mapping = { BatchSize: number; MaximumBatchingWindowInSeconds?: number };
    const mappingsOf = (of: Template) => Object.entries(resourcesOf<Mapping>(of, 'AWS::Lambda::EventSourceMapping'));
    const windows = (of: Template) =>
      mappingsOf(of).flatMap(([id, mapping]) =>
        id.startsWith('forwardlead') ? [mapping.MaximumBatchingWindowInSeconds] : [],
      );
    expect(windows(template)).toEqual([undefined, 1]);
    const { order } = config.forms;
    if (order === undefined) throw new Error('the config has no form "order"');
    const ringing = synthesizeTemplate({ forms: { order: { ...order, call: ['adverts'] } } });
    expect(windows(ringing)).toEqual([undefined, undefined]);
  });
});

describe('the functions', () => {
  type Lambda = { Environment?: { Variables: Record<string, unknown> }; LoggingConfig: { LogGroup: unknown } };
  const functions = resourcesOf<Lambda>(template, 'AWS::Lambda::Function');
  const environmentOf = (id: string) => {
    const variables = Object.entries(functions[id]?.Environment?.Variables ?? {});
    return Object.fromEntries(variables.map(([key, value]) => [key, atDeploy(readable(value))]));
  };
  const base = {
    STACK: 'ringback-dev',
    TABLE_NAME: 'leads',
    QUEUE_URLS: {
      callkeeper: 'https://deploy.example/deliveriescallkeeper',
      calltouch: 'https://deploy.example/deliveriescalltouch',
    },
  };
  const SECRETS_PREFIX = '/ringback/dev/';

  test('sweep-leads starts with the environment that it gets', () => {
    expect(parseEnvironment(z.strictObject(environments['sweep-leads'].shape), environmentOf('sweepleads'))).toEqual(
      base,
    );
  });

  test('submit-form starts with the environment that it gets, the hosts of the verifiers in it', () => {
    const CAPTCHA_ORIGINS = {
      turnstile: 'https://challenges.cloudflare.com',
      smartcaptcha: 'https://smartcaptcha.yandexcloud.net',
    };
    const parsed = parseEnvironment(z.strictObject(environments['submit-form'].shape), environmentOf('submitform'));
    expect(parsed).toEqual({ ...base, SECRETS_PREFIX, CAPTCHA_ORIGINS });
  });

  test.each(['serveconsole', 'servehelper'])('%s starts with nothing at all', (id) => {
    expect(functions[id]).toBeDefined();
    expect(functions[id]?.Environment).toBeUndefined();
  });

  test('operate-leads starts with the environment that it gets', () => {
    const environment = environmentOf('operateleads');
    const parsed = parseEnvironment(z.strictObject(environments['operate-leads'].shape), environment);
    const PULL_QUEUE_URLS = {
      callkeeper: 'https://deploy.example/pullscallkeeper',
      calltouch: 'https://deploy.example/pullscalltouch',
    };
    expect(parsed).toEqual({ ...base, SECRETS_PREFIX, PULL_QUEUE_URLS });
  });

  test.each([
    ['callkeeper', 'https://api.callkeeper.ru'],
    ['calltouch', 'https://api.calltouch.ru'],
  ])('forward-lead starts for %s, with the host of its API', (PROVIDER, PROVIDER_ORIGIN) => {
    const environment = environmentOf(`forwardlead${PROVIDER}`);
    const parsed = parseEnvironment(z.strictObject(environments['forward-lead'].shape), environment);
    expect(parsed).toEqual({ ...base, SECRETS_PREFIX, PROVIDER, PROVIDER_ORIGIN });
  });

  test('run on arm64 and Node 24, and log where the log is dropped after a month', () => {
    template.allResourcesProperties('AWS::Lambda::Function', { Architectures: ['arm64'], Runtime: 'nodejs24.x' });
    template.allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 30 });
    for (const [id, { LoggingConfig }] of Object.entries(functions)) {
      expect(readable(LoggingConfig.LogGroup)).toBe(`<${id}log>`);
    }
  });

  test('are started by the clock once a minute, in the case of sweep-leads', () => {
    type Schedule = { ScheduleExpression: string; Target: { Arn: unknown } };
    const schedules = Object.values(resourcesOf<Schedule>(template, 'AWS::Scheduler::Schedule'));
    const runs = schedules.map(({ ScheduleExpression, Target }) => [ScheduleExpression, readable(Target.Arn)]);
    expect(runs).toContainEqual(['rate(1 minute)', '<sweepleads.Arn>']);
  });
});

/** What CloudFormation would put in place of a queue's and of the table's reference. */
function atDeploy(text: string): string {
  return text.replace(/<((?:deliveries|pulls)\w+)>/g, 'https://deploy.example/$1').replace('<leads>', 'leads');
}

describe('the HTTP API', () => {
  const operatorRoutes = Object.keys(operateRoutes);
  const statsRoutes = Object.keys(operateStatsRoutes);

  test('has these routes, each to its function', () => {
    type Route = { RouteKey: string; Target: unknown };
    type Integration = { IntegrationUri: unknown; PayloadFormatVersion: string };
    const integrations = resourcesOf<Integration>(template, 'AWS::ApiGatewayV2::Integration');
    const routes = Object.values(resourcesOf<Route>(template, 'AWS::ApiGatewayV2::Route')).map(
      ({ RouteKey, Target }) => {
        const integration = integrations[readable(Target).replace(/^integrations\/<(.*)>$/, '$1')];
        return [RouteKey, readable(integration?.IntegrationUri), integration?.PayloadFormatVersion];
      },
    );
    expect(routes.sort()).toEqual(
      [
        ['ANY /f/{formId}', '<submitform.Arn>', '2.0'],
        ['GET /f/{formId}/stamp', '<submitform.Arn>', '2.0'],
        ['GET /ringback.js', '<servehelper.Arn>', '2.0'],
        ...operatorRoutes.map((route) => [route, '<operateleads.Arn>', '2.0']),
        ...statsRoutes.map((route) => [route, '<operatestats.Arn>', '2.0']),
        ['ANY /hooks/{account}/{secret}', '<receivewebhook.Arn>', '2.0'],
        ['GET /console', '<serveconsole.Arn>', '2.0'],
        ['GET /console/{file}', '<serveconsole.Arn>', '2.0'],
      ].sort(),
    );
  });

  test('lets nobody guess tokens fast: the routes of the operator have a throttle of their own', () => {
    type Stage = { RouteSettings: Record<string, unknown> };
    const [stage] = Object.values(resourcesOf<Stage>(template, 'AWS::ApiGatewayV2::Stage'));
    const throttle = { ThrottlingRateLimit: 10, ThrottlingBurstLimit: 20 };
    expect(stage?.RouteSettings).toEqual(
      Object.fromEntries([...operatorRoutes, ...statsRoutes].map((route) => [route, throttle])),
    );
    // CloudFormation refuses a stage that names a route which does not exist yet.
    const [raw] = Object.values(template.findResources('AWS::ApiGatewayV2::Stage'));
    const ids = Object.keys(template.findResources('AWS::ApiGatewayV2::Route'));
    expect(raw?.['DependsOn']).toEqual(expect.arrayContaining(ids));
  });

  test('is throttled', () => {
    template.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 100, ThrottlingBurstLimit: 200 },
    });
  });

  test('logs no address, browser, path or query', () => {
    type Stage = { AccessLogSettings: { Format: string } };
    const [stage] = Object.values(resourcesOf<Stage>(template, 'AWS::ApiGatewayV2::Stage'));
    const logged = stage?.AccessLogSettings.Format.match(/\$context\.[\w.]+/g);
    expect(logged).toContain('$context.routeKey');
    expect(logged?.filter((field) => /identity|path|authorizer|domain/i.test(field))).toEqual([]);
  });
});

describe("a domain of one's own", () => {
  const domain = 'forms.acme.example';
  const certificate = 'arn:aws:acm:eu-central-1:123456789012:certificate/5cd0f30c-0ffe';

  test('leads to the same API by TLS 1.2, and says which record it takes', () => {
    const own = synthesizeTemplate({ context: { domain, certificate } });
    const [name] = Object.values(resourcesOf<Record<string, unknown>>(own, 'AWS::ApiGatewayV2::DomainName'));
    expect(name).toMatchObject({
      DomainName: domain,
      DomainNameConfigurations: [{ CertificateArn: certificate, SecurityPolicy: 'TLS_1_2' }],
    });
    const [mapping] = Object.values(resourcesOf<Record<string, unknown>>(own, 'AWS::ApiGatewayV2::ApiMapping'));
    const { ApiId, DomainName, Stage } = mapping ?? {};
    expect([ApiId, DomainName, Stage].map(readable)).toEqual(['<api>', '<domain>', '$default']);
    // The name says nothing of the stage that has to be there first.
    const [raw] = Object.values(own.findResources('AWS::ApiGatewayV2::ApiMapping'));
    expect(raw?.['DependsOn']).toContain(Object.keys(own.findResources('AWS::ApiGatewayV2::Stage'))[0]);
    const { DomainTarget } = own.findOutputs('*');
    expect(DomainTarget?.['Description']).toBe('Make forms.acme.example a CNAME of this name');
    expect(readable(DomainTarget?.['Value'])).toBe('<domain.RegionalDomainName>');
  });

  test('is there only when it is asked for', () => {
    template.resourceCountIs('AWS::ApiGatewayV2::DomainName', 0);
    template.resourceCountIs('AWS::ApiGatewayV2::ApiMapping', 0);
  });

  test.each([
    [{ domain }, 'certificate'],
    [{ certificate }, 'domain'],
    [{ domain: 'https://forms.acme.example', certificate }, 'domain'],
    [{ domain, certificate: 'my certificate' }, 'certificate'],
  ] as const)('is refused as %j', (context, wrong) => {
    expect(() => synthesizeTemplate({ context })).toThrow(`the context "${wrong}" must be`);
  });
});

describe('the secrets', () => {
  test('are named for the operator, and made by nobody', () => {
    const names = [
      'callkeeper-sales',
      'callkeeper-support',
      'calltouch-token',
      'captcha-key',
      'operator-token',
      'phone-key',
    ];
    template.hasOutput('SecretParameters', { Value: names.map((name) => `/ringback/dev/${name}`).join(',') });
    template.resourceCountIs('AWS::SSM::Parameter', 0);
    template.resourceCountIs('AWS::SecretsManager::Secret', 0);
  });
});

test('the version is an output where the deploy names it, so that the next one knows what to go back to', () => {
  const version = '5cd0f30c0ffee5cd0f30c0ffee5cd0f30c0ffee0';
  synthesizeTemplate({ context: { version } }).hasOutput('Version', { Value: version });
  expect(template.findOutputs('Version')).toEqual({});
});
