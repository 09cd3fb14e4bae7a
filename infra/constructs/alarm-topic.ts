import { Stack } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';
import { ConfigError } from '#shared/errors.ts';

/** Context that names who gets the alarms; SNS asks that person for a confirmation first. */
const emailContext = 'alarm-email';

/** Where alarms go. CloudWatch may publish to it, and to an encrypted topic only by a key of the account's own. */
export function createAlarmTopic(scope: Construct): Topic {
  const cloudWatch = {
    principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
    conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(scope).account } },
  };
  const key = new Key(scope, 'alarm-key', { description: "Encrypts Ringback's alarms", enableKeyRotation: true });
  key.addToResourcePolicy(
    new PolicyStatement({ ...cloudWatch, actions: ['kms:Decrypt', 'kms:GenerateDataKey*'], resources: ['*'] }),
  );
  const topic = new Topic(scope, 'alarms', { masterKey: key });
  const on = { actions: ['sns:Publish'], resources: [topic.topicArn] };
  topic.addToResourcePolicy(new PolicyStatement({ ...cloudWatch, ...on }));
  topic.addToResourcePolicy(
    new PolicyStatement({
      ...on,
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    }),
  );
  const email: unknown = scope.node.tryGetContext(emailContext);
  if (email !== undefined) topic.addSubscription(new EmailSubscription(checkEmail(email)));
  return topic;
}

function checkEmail(email: unknown): string {
  if (typeof email === 'string' && /^\S+@\S+$/.test(email)) return email;
  throw new ConfigError(`the context "${emailContext}" must be an e-mail address`);
}
