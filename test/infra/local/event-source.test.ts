import { GetQueueAttributesCommand, SendMessageBatchCommand, SendMessageCommand } from '@aws-sdk/client-sqs';
import type { SQSEvent } from 'aws-lambda';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { accountId, region } from '../../../infra/local/aws.ts';
import { startEventSource, succeeded } from '../../../infra/local/event-source.ts';
import { FunctionError } from '../../../infra/local/function-process.ts';
import { type Queues, startQueues } from '../../../infra/local/queues.ts';
import type { QueueDefinition } from '../../../infra/local/template.ts';

let queues: Queues;
let sources: { stop(): Promise<void> }[] = [];

beforeEach(async () => {
  queues = await startQueues();
});
afterEach(async () => {
  await Promise.all(sources.map((source) => source.stop()));
  sources = [];
  await queues.stop();
});

function queue(name: string, attributes: Record<string, string> = {}): QueueDefinition {
  return {
    name,
    url: `${queues.origin}/${accountId}/${name}`,
    arn: `arn:aws:sqs:${region}:${accountId}:${name}`,
    attributes,
  };
}

/** Feeds a queue to a function that remembers what it got, in the order of the batches. */
function feed(
  { url, arn }: QueueDefinition,
  work: (event: SQSEvent) => unknown = () => undefined,
  settings: { batchSize?: number; batchingWindowSeconds?: number; maximumConcurrency?: number } = {},
) {
  const batches: string[][] = [];
  const lines: string[] = [];
  const source = startEventSource({
    mapping: {
      queueUrl: url,
      queueArn: arn,
      functionName: 'ring',
      batchSize: 10,
      batchingWindowSeconds: 0,
      maximumConcurrency: undefined,
      reportsFailures: true,
      ...settings,
    },
    client: queues.client,
    invoke: async (_name, event) => {
      batches.push(event.Records.map(({ body }) => body));
      return work(event);
    },
    log: (line) => lines.push(line),
  });
  sources.push(source);
  return { batches, lines, source };
}

const send = ({ url }: QueueDefinition, ...bodies: string[]) =>
  queues.client.send(
    new SendMessageBatchCommand({
      QueueUrl: url,
      Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
    }),
  );

/** How many messages are still in the queue: waiting or with a function. */
async function left({ url }: QueueDefinition): Promise<number> {
  const { Attributes = {} } = await queues.client.send(
    new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
  );
  return (
    Number(Attributes['ApproximateNumberOfMessages']) + Number(Attributes['ApproximateNumberOfMessagesNotVisible'])
  );
}

test('hands messages over as records and deletes them', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  let record: SQSEvent['Records'][number] | undefined;
  const { batches } = feed(deliveries, (event) => {
    record = event.Records[0];
  });
  const { MessageId } = await queues.client.send(
    new SendMessageCommand({ QueueUrl: deliveries.url, MessageBody: '{"lead":"a1"}' }),
  );
  await expect.poll(() => batches).toEqual([['{"lead":"a1"}']]);
  expect(record).toMatchObject({
    messageId: MessageId,
    body: '{"lead":"a1"}',
    attributes: { ApproximateReceiveCount: '1' },
    eventSource: 'aws:sqs',
    eventSourceARN: deliveries.arn,
    awsRegion: region,
  });
  await expect.poll(() => left(deliveries)).toBe(0);
});

test('delivers within a blink what arrives while it waits', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  const arrived = Promise.withResolvers<number>();
  feed(deliveries, () => arrived.resolve(performance.now()));
  const start = performance.now();
  await send(deliveries, 'now');
  expect((await arrived.promise) - start).toBeLessThan(500);
});

test('keeps the failed part of a batch, which comes back and ends in the dead-letter queue', async () => {
  const dead = queue('dead');
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 });
  const deliveries = queue('deliveries', { VisibilityTimeout: '1', RedrivePolicy });
  await queues.create([dead, deliveries]);
  await send(deliveries, 'good', 'bad', 'fine');
  const { batches } = feed(deliveries, (event) => ({
    batchItemFailures: event.Records.filter(({ body }) => body === 'bad').map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  }));
  await expect.poll(() => left(dead), { timeout: 5_000 }).toBe(1);
  expect(batches).toEqual([['good', 'bad', 'fine'], ['bad']]);
  expect(await left(deliveries)).toBe(0);
});

test('keeps the whole batch of a function that fails, says so, and goes on', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  const { batches, lines } = feed(deliveries, ({ Records }) => {
    if (Records[0]?.body === 'bad') throw new FunctionError('Error', 'as ordered');
  });
  await send(deliveries, 'bad');
  await expect.poll(() => lines).toEqual(['ring failed: as ordered']);
  await send(deliveries, 'good');
  await expect.poll(() => batches).toEqual([['bad'], ['good']]);
  await expect.poll(() => left(deliveries)).toBe(1);
});

test('has as many batches under way as the mapping allows', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  let underWay = 0;
  let most = 0;
  const { batches } = feed(
    deliveries,
    async () => {
      most = Math.max(most, ++underWay);
      await new Promise((resolve) => setTimeout(resolve, 30));
      underWay--;
    },
    { batchSize: 1, maximumConcurrency: 2 },
  );
  await send(deliveries, '1', '2', '3', '4', '5', '6');
  await expect.poll(() => batches.length).toBe(6);
  expect(most).toBe(2);
});

test('gathers a batch for as long as the mapping says, or until it is full', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  const { batches } = feed(deliveries, undefined, { batchSize: 3, batchingWindowSeconds: 1 });
  for (const body of ['1', '2', '3', '4']) await send(deliveries, body);
  await expect.poll(() => batches, { timeout: 3_000 }).toEqual([['1', '2', '3'], ['4']]);
});

test('stops in the midst of a long poll', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  const { source, lines } = feed(deliveries);
  const start = performance.now();
  await source.stop();
  expect(performance.now() - start).toBeLessThan(1_000);
  expect(lines).toEqual([]);
});

test('stops while its function takes its time', async () => {
  const deliveries = queue('deliveries');
  await queues.create([deliveries]);
  const { source, batches } = feed(deliveries, () => new Promise(() => {}), { batchSize: 1, maximumConcurrency: 1 });
  await send(deliveries, 'slow', 'next');
  await expect.poll(() => batches).toEqual([['slow']]);
  await source.stop();
  expect(batches).toEqual([['slow']]);
});

const [a, b] = [{ MessageId: 'a' }, { MessageId: 'b' }];
const failures = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

test.each([
  ['nothing', undefined, [a, b]],
  ['null', null, [a, b]],
  ['an empty object', {}, [a, b]],
  ['no failures', failures(), [a, b]],
  ['one failure', failures('a'), [b]],
  ['an unknown failure', failures('c'), []],
  ['a failure without an id', failures(''), []],
  ['text', 'done', []],
])('reads a batch response of %s as Lambda does', (_what, response, done) => {
  expect(succeeded(response, [a, b], true)).toEqual(done);
});

test('takes no notice of the response where the mapping does not ask for failures', () => {
  expect(succeeded(failures('a'), [a, b], false)).toEqual([a, b]);
});
