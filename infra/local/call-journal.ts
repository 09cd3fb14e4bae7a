import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod';
import type { CallJournal, CallRecord } from './simulators/simulator.ts';

const recordSchema: z.ZodType<CallRecord> = z.object({
  id: z.string(),
  account: z.string(),
  client: z.string(),
  manager: z.string(),
  text: z.string(),
  orderedAt: z.number(),
  ringAt: z.number(),
  params: z.record(z.string(), z.string()),
});

/** A provider's calls as lines of JSON: written before the order is answered, so that a killed host forgets no call that it has accepted. */
export function openCallJournal(file: string): CallJournal {
  mkdirSync(dirname(file), { recursive: true });
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n') : [];
  const records = lines.filter((line) => line !== '').map((line) => recordSchema.parse(JSON.parse(line)));
  return {
    records,
    add(record) {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
      records.push(record);
    },
  };
}
