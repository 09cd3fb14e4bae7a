import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { formDefaults } from './config/form-defaults.ts';
import type { Config } from './config/schema.ts';
import { createApplyEvent } from './deliver.ts';
import { createLog } from './log.ts';
import type { Clock, NewNonce } from './ports.ts';
import { createSendNudge } from './queue.ts';
import { createDynamoTable } from './store/dynamo-table.ts';
import { createLeadStore } from './store/leads.ts';

const dayMs = 24 * 60 * 60_000;

/** What every function that touches leads is made of; its handler adds the rest. */
export function wire(config: Config, env: { STACK: string; TABLE_NAME: string; QUEUE_URLS: Record<string, string> }) {
  const clock: Clock = Date.now;
  const log = createLog(env.STACK, clock);
  const newNonce: NewNonce = () => randomBytes(16).toString('hex');
  const database = new DynamoDBClient({});
  const table = createDynamoTable(database, env.TABLE_NAME);
  const retention = (form: string) => (config.forms[form] ?? formDefaults).retentionDays * dayMs;
  const leads = createLeadStore({ table, newNonce, clock, retention });
  const sendNudge = createSendNudge(new SQSClient({}), env.QUEUE_URLS);
  const applyEvent = createApplyEvent({ leads, config, sendNudge, clock, log });
  return { config, clock, newNonce, log, database, table, leads, sendNudge, applyEvent };
}
