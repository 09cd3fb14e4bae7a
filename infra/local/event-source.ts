import { setTimeout as wait } from 'node:timers/promises';
import { DeleteMessageBatchCommand, type Message, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import type { SQSEvent, SQSRecord } from 'aws-lambda';
import * as z from 'zod';
import { region } from './aws.ts';
import { mostInvocations } from './function-pool.ts';
import type { MappingDefinition } from './template.ts';

const longPollSeconds = 20;
const retryMs = 1_000;

export type EventSourceParts = {
  mapping: MappingDefinition;
  client: SQSClient;
  /** Rejects with FunctionError. */
  invoke(functionName: string, event: SQSEvent): Promise<unknown>;
  log(line: string): void;
};

export type EventSource = {
  /** Takes no more messages; batches under way are left to their functions. */
  stop(): Promise<void>;
};

/**
 * Feeds a queue to its function, as Lambda's poller does. Messages that succeeded are deleted;
 * those that failed come back when their visibility timeout has run out, and end in the dead-letter queue.
 */
export function startEventSource({ mapping, client, invoke, log }: EventSourceParts): EventSource {
  const concurrency = Math.min(mapping.maximumConcurrency ?? mostInvocations, mostInvocations);
  const batchSize = Math.min(mapping.batchSize, 10);
  const stopping = new AbortController();
  const aborted = new Promise((resolve) => stopping.signal.addEventListener('abort', resolve));
  const underWay = new Set<Promise<void>>();

  async function poll() {
    while (!stopping.signal.aborted) {
      const messages = await gather();
      if (messages.length === 0) continue;
      const batch = handle(messages).finally(() => underWay.delete(batch));
      underWay.add(batch);
      if (underWay.size >= concurrency) await Promise.race([...underWay, aborted]);
    }
  }

  /** A batch: what is there, and where the mapping has a window for gathering, what comes within it. */
  async function gather(): Promise<Message[]> {
    const messages = await receive(batchSize, longPollSeconds);
    const until = Date.now() + mapping.batchingWindowSeconds * 1_000;
    while (messages.length > 0 && messages.length < batchSize && Date.now() < until && !stopping.signal.aborted) {
      messages.push(...(await receive(batchSize - messages.length, 1)));
    }
    return messages;
  }

  async function receive(atMost: number, waitSeconds: number): Promise<Message[]> {
    const command = new ReceiveMessageCommand({
      QueueUrl: mapping.queueUrl,
      MaxNumberOfMessages: atMost,
      WaitTimeSeconds: waitSeconds,
      MessageSystemAttributeNames: ['All'],
    });
    try {
      return (await client.send(command, { abortSignal: stopping.signal })).Messages ?? [];
    } catch (error) {
      if (stopping.signal.aborted) return [];
      log(`cannot receive from ${mapping.queueArn}: ${error instanceof Error ? error.message : error}`);
      await wait(retryMs);
      return [];
    }
  }

  async function handle(messages: Message[]) {
    try {
      const result = await invoke(mapping.functionName, {
        Records: messages.map((message) => toRecord(message, mapping)),
      });
      const done = succeeded(result, messages, mapping.reportsFailures);
      if (done.length > 0) await remove(done);
    } catch (error) {
      // The messages are still in the queue, invisible for a while: nothing is lost.
      if (!stopping.signal.aborted)
        log(`${mapping.functionName} failed: ${error instanceof Error ? error.message : error}`);
    }
  }

  async function remove(messages: Message[]) {
    const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl: mapping.queueUrl, Entries }));
  }

  const polling = poll();
  return {
    async stop() {
      stopping.abort();
      await polling;
    },
  };
}

function toRecord(message: Message, mapping: MappingDefinition): SQSRecord {
  return {
    messageId: message.MessageId ?? '',
    receiptHandle: message.ReceiptHandle ?? '',
    body: message.Body ?? '',
    attributes: { ...message.Attributes } as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: message.MD5OfBody ?? '',
    eventSource: 'aws:sqs',
    eventSourceARN: mapping.queueArn,
    awsRegion: region,
  };
}

const responseSchema = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string() })).nullish() })
  .nullish();

/** Which messages are done with. A response that names no failures, or is none at all, is a success; one that is malformed fails the whole batch. */
export function succeeded<Item extends Message>(result: unknown, messages: Item[], reportsFailures: boolean): Item[] {
  if (!reportsFailures) return messages;
  const response = responseSchema.safeParse(result);
  if (!response.success) return [];
  const failed = new Set(response.data?.batchItemFailures?.map(({ itemIdentifier }) => itemIdentifier));
  const isKnown = [...failed].every((id) => messages.some(({ MessageId }) => MessageId === id));
  return isKnown ? messages.filter(({ MessageId = '' }) => !failed.has(MessageId)) : [];
}
