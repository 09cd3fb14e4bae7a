import { CfnOutput, RemovalPolicy, Validations } from 'aws-cdk-lib';
import {
  CfnEIP,
  CfnEIPAssociation,
  type CfnInstance,
  GatewayVpcEndpointAwsService,
  InstanceClass,
  InstanceSize,
  InstanceType,
  type ISecurityGroup,
  type IVpc,
  NatInstanceProviderV2,
  NatProvider,
  NatTrafficDirection,
  Port,
  SecurityGroup,
  SubnetType,
  UserData,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/schema.ts';

/** The network of the functions that call providers, which all leave it from one address. */
export type Egress = {
  network: { vpc: IVpc; securityGroups: [ISecurityGroup] };
  /** Undefined for one that an earlier deployment kept: only its allocation is known here. */
  address: string | undefined;
};

/** Allocation of an address that an earlier deployment kept, such as `eipalloc-0123…`, to be used in place of a new one. */
const keptAddress = 'egress-allocation';

/** The network that the config asks for, with its address as an output; undefined where functions need none. */
export function createEgress(scope: Construct, kind: Config['egress']): Egress | undefined {
  if (kind === 'none') return undefined;
  const { allocationId, address } = createAddress(scope);
  const instance = kind === 'nat-instance' ? createNatInstance() : undefined;
  const vpc = new Vpc(scope, 'network', {
    maxAzs: 1,
    natGateways: 1,
    natGatewayProvider: instance ?? NatProvider.gateway({ eipAllocationIds: [allocationId] }),
    subnetConfiguration: [
      { name: 'exit', subnetType: SubnetType.PUBLIC },
      { name: 'functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS },
    ],
    // What goes to these two does not pay for its way through the NAT.
    gatewayEndpoints: {
      dynamodb: { service: GatewayVpcEndpointAwsService.DYNAMODB },
      s3: { service: GatewayVpcEndpointAwsService.S3 },
    },
    // Its own optional properties are not written for exactOptionalPropertyTypes.
  }) as IVpc;
  Validations.of(vpc).acknowledge({
    id: 'AwsSolutions-VPC7',
    reason:
      'Nothing in it takes connections from outside, and forward-lead and pull-stats log what became of their requests.',
  });
  const securityGroup = new SecurityGroup(scope, 'functions', {
    vpc,
    description: 'Functions that call providers: out only',
  });
  if (instance !== undefined) attachAddress(scope, instance, securityGroup, allocationId);
  return { network: { vpc, securityGroups: [securityGroup] }, address };
}

/** Providers have authorised this address, so it stays in the account when the stack goes. */
function createAddress(scope: Construct): { allocationId: string; address: string | undefined } {
  const kept: unknown = scope.node.tryGetContext(keptAddress);
  if (typeof kept === 'string') return { allocationId: kept, address: undefined };
  const address = new CfnEIP(scope, 'egress-address', { domain: 'vpc' });
  address.applyRemovalPolicy(RemovalPolicy.RETAIN);
  new CfnOutput(scope, 'EgressAddress', {
    description: 'Where providers see requests come from: authorise it in their cabinets',
    value: address.attrPublicIp,
  });
  new CfnOutput(scope, 'EgressAllocation', {
    description: `For --context ${keptAddress}=…, should the stack ever be made anew`,
    value: address.attrAllocationId,
  });
  return { allocationId: address.attrAllocationId, address: address.attrPublicIp };
}

/** The smallest ARM machine, on the newest Amazon Linux: each deploy that finds a newer image replaces it. */
function createNatInstance(): NatInstanceProviderV2 {
  const [install, ...rest] = NatInstanceProviderV2.DEFAULT_USER_DATA_COMMANDS;
  const userData = UserData.forLinux();
  // The machine's first address is taken from it while it starts, and with it the connections of its installer.
  userData.addCommands(`until ${install}; do sleep 5; done`, ...rest);
  return NatProvider.instanceV2({
    instanceType: InstanceType.of(InstanceClass.T4G, InstanceSize.NANO),
    defaultAllowedTraffic: NatTrafficDirection.OUTBOUND_ONLY,
    userData,
  });
}

function attachAddress(scope: Construct, nat: NatInstanceProviderV2, functions: ISecurityGroup, allocationId: string) {
  nat.connections.allowFrom(functions, Port.allTraffic());
  for (const instance of nat.gatewayInstances) {
    const machine = instance.node.defaultChild as CfnInstance;
    machine.blockDeviceMappings = [{ deviceName: '/dev/xvda', ebs: { encrypted: true } }];
    new CfnEIPAssociation(scope, 'egress-association', { allocationId, instanceId: instance.instanceId });
    Validations.of(instance).acknowledge(
      {
        id: 'AwsSolutions-EC28',
        reason: 'It only passes packets on; a delivery that cannot leave raises its own alarm.',
      },
      {
        id: 'AwsSolutions-EC29',
        reason: 'It holds nothing: another one takes its place, and its address outlives it.',
      },
    );
  }
}

/**
 * What the Lambda service needs of a function's role to put the function into a network, as AWS documents it: these actions know
 * no resources at the time. The function's own code gets none of them.
 */
export function networkStatements(): PolicyStatement[] {
  const onAll = { resources: ['*'] };
  const actions = [
    'ec2:AssignPrivateIpAddresses',
    'ec2:CreateNetworkInterface',
    'ec2:DeleteNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:UnassignPrivateIpAddresses',
  ];
  return [
    new PolicyStatement({ effect: Effect.ALLOW, actions, ...onAll }),
    new PolicyStatement({
      effect: Effect.DENY,
      actions,
      ...onAll,
      conditions: { Null: { 'lambda:SourceFunctionArn': 'false' } },
    }),
  ];
}
