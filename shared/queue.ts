import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';

/** A message: "look at this delivery". It carries ids only; the item in the table is the truth. */
export const nudgeSchema = z.object({ lead: z.string(), delivery: z.string() });
export type Nudge = z.output<typeof nudgeSchema>;

/** Sends a nudge to a provider's queue, to arrive after `delayMs` (at most 15 minutes). */
export type SendNudge = (provider: string, nudge: Nudge, delayMs?: number) => Promise<void>;

export function createSendNudge(client: SQSClient, queueUrls: Record<string, string>): SendNudge {
  return async (provider, nudge, delayMs = 0) => {
    const QueueUrl = queueUrls[provider];
    if (QueueUrl === undefined) throw new Error(`there is no queue for the provider "${provider}"`);
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: JSON.stringify(nudge),
        DelaySeconds: Math.ceil(delayMs / 1000),
      }),
    );
  };
}
