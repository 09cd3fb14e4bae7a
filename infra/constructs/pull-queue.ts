import { Duration } from 'aws-cdk-lib';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** The next schedule starts anew what crashed the code this often. */
const maxReceiveCount = 3;

/** Where the pulls of one provider wait for their next invocation, with its dead-letter queue. */
export function createPullQueue(scope: Construct, provider: string, functionTimeout: Duration): Queue {
  const secure = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true };
  const deadLetters = new Queue(scope, `dead-pulls-${provider}`, { ...secure, retentionPeriod: Duration.days(14) });
  return new Queue(scope, `pulls-${provider}`, {
    ...secure,
    // A pull that was cut off goes on as soon as its function cannot be running any more: a lease keeps two from working at once.
    visibilityTimeout: functionTimeout,
    deadLetterQueue: { queue: deadLetters, maxReceiveCount },
  });
}
