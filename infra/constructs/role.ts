import { Effect, type IPrincipal, PolicyDocument, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** A role that may do what the statements say and nothing else: no managed policy, no rights added later by a construct. */
export function createRole(scope: Construct, id: string, assumedBy: IPrincipal, statements: PolicyStatement[]): Role {
  return new Role(scope, id, { assumedBy, inlinePolicies: { rights: new PolicyDocument({ statements }) } });
}

/** One statement, or none where there is nothing to allow it on. */
export function allow(actions: string[], resources: string[]): PolicyStatement[] {
  return resources.length === 0 ? [] : [new PolicyStatement({ effect: Effect.ALLOW, actions, resources })];
}
