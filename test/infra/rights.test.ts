import { describe, expect, test } from 'vitest';
import { egresses, type Role, readable, resourcesOf, rightsOf, synthesizeTemplate } from './synthesized.ts';

const allow = (on: string, ...actions: string[]) => actions.map((action) => `Allow ${action} on ${on}`);
const writeLog = (id: string) => allow(`<${id}log.Arn>`, 'logs:CreateLogStream', 'logs:PutLogEvents');
const readAndWrite = allow('<leads.Arn>', 'dynamodb:GetItem', 'dynamodb:PutItem');
const query = (index: string) => allow(`<leads.Arn>/index/${index}`, 'dynamodb:Query');
const sendDeliveries = ['callkeeper', 'calltouch'].flatMap((name) =>
  allow(`<deliveries${name}.Arn>`, 'sqs:SendMessage'),
);
const receive = (queue: string) =>
  allow(`<${queue}.Arn>`, 'sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:ReceiveMessage');
const parameters = 'arn:<AWS::Partition>:ssm:<AWS::Region>:<AWS::AccountId>:parameter/ringback/dev';
const readSecret = (name: string) => allow(`${parameters}/${name}`, 'ssm:GetParameter');

const batchRead = allow('<leads.Arn>', 'dynamodb:BatchGetItem');
const objects = (folder: string, ...actions: string[]) => allow(`<stats.Arn>/${folder}/*`, ...actions);
const pullStats = (provider: string, dataSets: string[]) => [
  ...writeLog(`pullstats${provider}`),
  ...readAndWrite,
  ...batchRead,
  ...sendDeliveries,
  ...receive(`pulls${provider}`),
  ...allow(`<pulls${provider}.Arn>`, 'sqs:SendMessage'),
  ...dataSets.flatMap((name) => objects(name, 's3:PutObject', 's3:GetObject', 's3:DeleteObject')),
  ...objects('manifests', 's3:PutObject', 's3:GetObject'),
  ...objects('athena', 's3:PutObject'),
  ...allow('<stats.Arn>', 's3:ListBucket'),
  ...readSecret('phone-key'),
];

const sendPulls = ['callkeeper', 'calltouch'].flatMap((name) => allow(`<pulls${name}.Arn>`, 'sqs:SendMessage'));

const expected: Record<string, string[]> = {
  submitformrole: [
    ...writeLog('submitform'),
    ...readAndWrite,
    ...allow('<leads.Arn>', 'dynamodb:UpdateItem'),
    ...sendDeliveries,
    ...readSecret('captcha-key'),
  ],
  forwardleadcallkeeperrole: [
    ...writeLog('forwardleadcallkeeper'),
    ...readAndWrite,
    ...sendDeliveries,
    ...receive('deliveriescallkeeper'),
    ...readSecret('callkeeper-sales'),
    ...readSecret('callkeeper-support'),
    ...readSecret('phone-key'),
  ],
  forwardleadcalltouchrole: [
    ...writeLog('forwardleadcalltouch'),
    ...readAndWrite,
    ...sendDeliveries,
    ...receive('deliveriescalltouch'),
    ...readSecret('calltouch-token'),
    ...readSecret('phone-key'),
  ],
  sweepleadsrole: [...writeLog('sweepleads'), ...readAndWrite, ...query('work'), ...query('review'), ...sendDeliveries],
  operateleadsrole: [
    ...writeLog('operateleads'),
    ...readAndWrite,
    ...allow('<leads.Arn>', 'dynamodb:BatchGetItem'),
    ...query('list'),
    ...query('review'),
    ...sendDeliveries,
    ...sendPulls,
    ...readSecret('operator-token'),
    ...readSecret('phone-key'),
  ],
  serveconsolerole: writeLog('serveconsole'),
  servehelperrole: writeLog('servehelper'),
  pullstatscallkeeperrole: [
    ...pullStats('callkeeper', ['calls']),
    ...readSecret('callkeeper-sales'),
    ...readSecret('callkeeper-support'),
  ],
  pullstatscalltouchrole: [...pullStats('calltouch', ['calls', 'leads']), ...readSecret('calltouch-token')],
  pullstatscallkeeperschedulerole: allow('<pullstatscallkeeper.Arn>', 'lambda:InvokeFunction'),
  pullstatscalltouchschedulerole: allow('<pullstatscalltouch.Arn>', 'lambda:InvokeFunction'),
  operatestatsrole: [
    ...writeLog('operatestats'),
    ...readAndWrite,
    ...batchRead,
    ...sendPulls,
    ...objects('calls', 's3:GetObject'),
    ...objects('leads', 's3:GetObject'),
    ...objects('manifests', 's3:GetObject'),
    ...allow('<stats.Arn>', 's3:ListBucket'),
    ...readSecret('operator-token'),
    ...readSecret('phone-key'),
  ],
  receivewebhookrole: [
    ...writeLog('receivewebhook'),
    ...readAndWrite,
    ...batchRead,
    ...sendDeliveries,
    ...readSecret('phone-key'),
  ],
  sweepleadsschedulerole: allow('<sweepleads.Arn>', 'lambda:InvokeFunction'),
};

const networkActions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
/** For the service, which needs them, and not for the code. */
const network = ['Allow', 'Deny'].flatMap((effect) => networkActions.map((action) => `${effect} ${action} on *`));

const inNetwork = Object.entries(expected).map(([role, rights]): [string, string[]] => {
  const callsProviders = /^(forwardlead|pullstats)/.test(role) && !role.endsWith('schedulerole');
  return [role, callsProviders ? [...rights, ...network] : rights];
});
const byEgress: Record<(typeof egresses)[number], Record<string, string[]>> = {
  none: expected,
  'nat-gateway': Object.fromEntries(inNetwork),
  'nat-instance': Object.fromEntries([...inNetwork, ['networkexitSubnet1NatInstanceInstanceRole', []]]),
};

describe.each(egresses)('with egress %s the roles', (egress) => {
  const template = synthesizeTemplate({ egress });
  const roles = resourcesOf<Role>(template, 'AWS::IAM::Role');

  test('are those of the functions and of the schedules, and the one of the NAT instance', () => {
    expect(Object.keys(roles).sort()).toEqual(Object.keys(byEgress[egress]).sort());
  });

  test.each(Object.entries(byEgress[egress]))('%s may do this and nothing else', (role, rights) => {
    expect(rightsOf(roles[role])).toEqual([...rights].sort());
  });

  test('get no right from elsewhere', () => {
    template.resourceCountIs('AWS::IAM::Policy', 0);
    template.resourceCountIs('AWS::IAM::ManagedPolicy', 0);
    for (const role of Object.values(roles)) expect(role.ManagedPolicyArns).toBeUndefined();
  });

  test('never scan the table and never reach for all of anything but of a folder and the network', () => {
    const all = Object.values(roles).flatMap(rightsOf);
    const wide = all.filter((right) => /scan|\*/i.test(right) && !network.includes(right));
    expect(wide.filter((right) => !/ on <stats\.Arn>\/(calls|leads|manifests|athena)\/\*$/.test(right))).toEqual([]);
  });

  test('belong each to the function of its name', () => {
    const functions = resourcesOf<{ Role: unknown }>(template, 'AWS::Lambda::Function');
    for (const [id, properties] of Object.entries(functions)) expect(readable(properties.Role)).toBe(`<${id}role.Arn>`);
  });
});
