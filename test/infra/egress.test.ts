import { describe, expect, test } from 'vitest';
import { type Role, readable, resourcesOf, rightsOf, synthesizeTemplate } from './synthesized.ts';

type Lambda = {
  VpcConfig?: { SubnetIds: unknown[]; SecurityGroupIds: unknown[] };
  Environment?: { Variables: Record<string, unknown> };
};
type SecurityGroup = { SecurityGroupIngress?: unknown };
type Output = { Value: unknown };

const networkActions = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];

const callsProviders = (id: string) => /^(forwardlead|pullstats)/.test(id) && !id.endsWith('schedulerole');

describe.each(['nat-gateway', 'nat-instance'] as const)('%s', (egress) => {
  const template = synthesizeTemplate({ egress });
  const functions = Object.entries(resourcesOf<Lambda>(template, 'AWS::Lambda::Function'));

  test('takes in the functions that call providers, and tells them that they share an address', () => {
    const inside = functions.filter(([, { VpcConfig }]) => VpcConfig !== undefined);
    expect(inside.map(([id]) => id)).toEqual(functions.map(([id]) => id).filter(callsProviders));
    for (const [, { VpcConfig, Environment }] of inside) {
      expect(VpcConfig?.SubnetIds.map(readable)).toEqual(['<networkfunctionsSubnet1Subnet>']);
      expect(VpcConfig?.SecurityGroupIds.map(readable)).toEqual(['<functions.GroupId>']);
      expect(Environment?.Variables['ONE_ADDRESS']).toBe('true');
    }
  });

  test('keeps its one address when the stack goes, and names it', () => {
    template.hasResource('AWS::EC2::EIP', { DeletionPolicy: 'Retain', UpdateReplacePolicy: 'Retain' });
    template.resourceCountIs('AWS::EC2::EIP', 1);
    const { EgressAddress, EgressAllocation } = template.findOutputs('*') as Record<string, Output>;
    expect(readable(EgressAddress?.Value)).toBe('<egressaddress.PublicIp>');
    expect(readable(EgressAllocation?.Value)).toBe('<egressaddress.AllocationId>');
    const [, operateLeads] = functions.find(([id]) => id === 'operateleads') ?? [];
    expect(readable(operateLeads?.Environment?.Variables['EGRESS_ADDRESS'])).toBe('<egressaddress.PublicIp>');
  });

  test('leads to DynamoDB and S3 past the NAT', () => {
    const endpoints = Object.values(resourcesOf<{ ServiceName: unknown }>(template, 'AWS::EC2::VPCEndpoint'));
    expect(endpoints.map(({ ServiceName }) => readable(ServiceName)).sort()).toEqual([
      'com.amazonaws.<AWS::Region>.dynamodb',
      'com.amazonaws.<AWS::Region>.s3',
    ]);
  });

  test('lets nobody in from outside', () => {
    for (const group of Object.values(resourcesOf<SecurityGroup>(template, 'AWS::EC2::SecurityGroup'))) {
      expect(group.SecurityGroupIngress).toBeUndefined();
    }
    const rules = Object.values(resourcesOf<Record<string, unknown>>(template, 'AWS::EC2::SecurityGroupIngress'));
    for (const rule of rules) expect(readable(rule['SourceSecurityGroupId'])).toBe('<functions.GroupId>');
  });

  test('gives the service its network interfaces, and denies them to the code', () => {
    for (const [id, role] of Object.entries(resourcesOf<Role>(template, 'AWS::IAM::Role'))) {
      const network = rightsOf(role).filter((right) => right.includes('ec2:'));
      const expected = ['Allow', 'Deny'].flatMap((effect) =>
        networkActions.map((action) => `${effect} ${action} on *`),
      );
      expect(network, id).toEqual(callsProviders(id) ? expected : []);
      const denials = role.Policies?.flatMap(({ PolicyDocument }) => PolicyDocument.Statement).filter(
        ({ Effect }) => Effect === 'Deny',
      );
      for (const denial of denials ?? []) {
        expect(denial).toMatchObject({ Condition: { Null: { 'lambda:SourceFunctionArn': 'false' } } });
      }
    }
  });
});

test('a NAT gateway uses the kept address of an earlier deployment where one is named', () => {
  const template = synthesizeTemplate({ egress: 'nat-gateway', context: { 'egress-allocation': 'eipalloc-1' } });
  template.resourceCountIs('AWS::EC2::EIP', 0);
  template.hasResourceProperties('AWS::EC2::NatGateway', { AllocationId: 'eipalloc-1' });
});

test('a NAT instance takes on the same address, may do nothing in the account and has an encrypted disk', () => {
  const template = synthesizeTemplate({ egress: 'nat-instance', context: { 'egress-allocation': 'eipalloc-1' } });
  template.hasResourceProperties('AWS::EC2::EIPAssociation', { AllocationId: 'eipalloc-1' });
  template.hasResourceProperties('AWS::EC2::Instance', { BlockDeviceMappings: [{ Ebs: { Encrypted: true } }] });
  const roles = resourcesOf<Role>(template, 'AWS::IAM::Role');
  const [, role] = Object.entries(roles).find(([id]) => id.includes('NatInstance')) ?? [];
  expect(role).toBeDefined();
  expect([role?.Policies, role?.ManagedPolicyArns]).toEqual([undefined, undefined]);
});

test('none has no network at all', () => {
  const template = synthesizeTemplate({ egress: 'none' });
  template.resourceCountIs('AWS::EC2::VPC', 0);
  for (const [, { VpcConfig, Environment }] of Object.entries(resourcesOf<Lambda>(template, 'AWS::Lambda::Function'))) {
    expect(VpcConfig).toBeUndefined();
    expect(Environment?.Variables['ONE_ADDRESS']).toBeUndefined();
  }
});
