import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { credentials, region } from './aws.ts';
import type { QueueDefinition } from './template.ts';

export type Queues = {
  origin: string;
  client: SQSClient;
  create(queues: QueueDefinition[]): Promise<void>;
  stop(): Promise<void>;
};

/** SQS in memory: messages are nudges, and sweep-leads sends again what was lost with a restart. */
export async function startQueues(): Promise<Queues> {
  // Not fauxqs' own start function: that one listens on every address of the machine.
  const app = buildApp({ logger: false });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new SQSClient({ endpoint: origin, region, credentials });
  return {
    origin,
    client,
    async create(queues) {
      for (const { name, attributes } of queues) {
        await client.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
      }
    },
    async stop() {
      client.destroy();
      await app.close();
    },
  };
}
