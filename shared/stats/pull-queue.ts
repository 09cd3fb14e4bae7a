import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod';
import type { Clock } from '../ports.ts';
import type { Pull, PullStore } from '../store/pulls.ts';
import { addDays, type Day, dayAt } from './day.ts';

/**
 * A message: "go on with this pull", or, without an id, "take out of this account's exports whose leads were erased".
 * The rows in the table say where.
 */
export const pullMessageSchema = z.object({ id: z.string().optional(), account: z.string() });
export type PullMessage = z.output<typeof pullMessageSchema>;

/** Sends a message to the queue of an account's provider, to arrive after `delayMs`. */
export type SendPull = (message: PullMessage, delayMs?: number) => Promise<void>;

export function createSendPull(client: SQSClient, queueOf: (account: string) => string): SendPull {
  return async (message, delayMs = 0) => {
    await client.send(
      new SendMessageCommand({
        QueueUrl: queueOf(message.account),
        MessageBody: JSON.stringify(message),
        DelaySeconds: Math.ceil(delayMs / 1000),
      }),
    );
  };
}

/** Days to pull, both included; what is left out is what a scheduled pull takes. */
export type AskedDays = { from?: Day | undefined; to?: Day | undefined };

type Ports = { pulls: PullStore; sendPull: SendPull; clock: Clock; lookbackDays: number };

/**
 * Starts a pull, or nudges the one of this id that has got stuck. A scheduled one goes back `lookbackDays` from today,
 * or from the last day that was pulled, when schedules were missed: until then calls still change.
 */
export async function startPull(id: string, account: string, days: AskedDays, ports: Ports): Promise<Pull> {
  const today = dayAt(ports.clock());
  // The first pull of all takes as many days as the first one of any later day.
  const pulledTo = (await ports.pulls.pulledTo(account)) ?? addDays(today, -1);
  const to = days.to ?? today;
  const [last = today] = [pulledTo, today, to].sort();
  const from = days.from ?? addDays(last, -ports.lookbackDays);
  const { pull, isStuck } = await ports.pulls.start(id, { account, from, to });
  if (isStuck) await ports.sendPull({ id, account });
  return pull;
}
