import { type Duration, RemovalPolicy, type Size, Validations } from 'aws-cdk-lib';
import { type PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, type Code, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import type { EnvironmentInput, FunctionName } from '#shared/config/environment.ts';
import { type Egress, networkStatements } from './egress.ts';
import { allow, createRole } from './role.ts';

export type BundledFunctionProps<Name extends FunctionName> = {
  code: Code;
  environment: EnvironmentInput<Name> & Record<string, string>;
  memoryMb: number;
  timeout: Duration;
  /** Room under /tmp, 512 MB unless given. */
  disk?: Size;
  /** All that its role may do, besides writing its own log. */
  statements: PolicyStatement[];
  /** The network that it runs in, for one that calls providers. */
  egress?: Egress | undefined;
};

/** A function with its log group and a role that holds the given statements and no managed policy. */
export function createFunction<Name extends FunctionName>(
  scope: Construct,
  id: string,
  { code, environment, memoryMb, timeout, disk, statements, egress }: BundledFunctionProps<Name>,
): LambdaFunction {
  const logGroup = createLogGroup(scope, `${id}-log`);
  const mayLog = allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [logGroup.logGroupArn]);
  const principal = new ServicePrincipal('lambda.amazonaws.com');
  const role = createRole(scope, `${id}-role`, principal, [
    ...mayLog,
    ...statements,
    ...(egress === undefined ? [] : networkStatements()),
  ]);
  if (egress !== undefined) {
    Validations.of(role).acknowledge({
      id: 'AwsSolutions-IAM5[Resource::*]',
      reason: 'AWS allows network interfaces of functions on all resources only; the code is denied them.',
    });
  }
  return new LambdaFunction(scope, id, {
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    handler: 'index.handler',
    code,
    environment,
    memorySize: memoryMb,
    timeout,
    ...(disk === undefined ? {} : { ephemeralStorageSize: disk }),
    role,
    logGroup,
    ...egress?.network,
  });
}

export function createLogGroup(scope: Construct, id: string): LogGroup {
  return new LogGroup(scope, id, { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
}
