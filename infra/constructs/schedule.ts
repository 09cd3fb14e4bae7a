import { Duration, Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Schedule, type ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { allow, createRole } from './role.ts';

/** A missed run is not made up for: the next one finds all that is due. */
const noRetry = { retryAttempts: 0, maxEventAge: Duration.minutes(1) };

/** Runs the function whenever the schedule says. */
export function runOn(scope: Construct, target: LambdaFunction, schedule: ScheduleExpression): void {
  const id = `${target.node.id}-schedule`;
  const scheduler = new ServicePrincipal('scheduler.amazonaws.com', {
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  });
  const role = createRole(scope, `${id}-role`, scheduler, allow(['lambda:InvokeFunction'], [target.functionArn]));
  target.configureAsyncInvoke(noRetry);
  new Schedule(scope, id, {
    schedule,
    // Left to itself the target would add every version of the function (`:*`) to the role.
    target: new LambdaInvoke(target, { ...noRetry, role: role.withoutPolicyUpdates() }),
  });
}
