import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Stack } from 'aws-cdk-lib/core';

/** `{"callkeeper": "https://sqs…"}` */
export function queueUrls(stack: Stack, queues: Map<string, Queue>): string {
  return stack.toJsonString(Object.fromEntries([...queues].map(([provider, queue]) => [provider, queue.queueUrl])));
}
