import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** A message that crashed the code this often is put aside; a provider's refusal never counts, it is an answer. */
const maxReceiveCount = 5;

/** AWS's advice for a Lambda's queue: a batch must not reappear while its invocation may still be retried. */
const visibilityPerTimeout = 6;

/** The queue of one provider, with its dead-letter queue. */
export function createDeliveryQueue(scope: Construct, provider: string, functionTimeout: Duration): Queue {
  const secure = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const deadLetters = new Queue(scope, `dead-letters-${provider}`, { ...secure, retentionPeriod: Duration.days(14) });
  return new Queue(scope, `deliveries-${provider}`, {
    ...secure,
    visibilityTimeout: Duration.seconds(functionTimeout.toSeconds() * visibilityPerTimeout),
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
  });
}
