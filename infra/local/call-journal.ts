import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
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
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const whole = wholeLines(text);
  if (whole !== text) writeFileSync(file, whole);
  const records = readRecords(whole);
  return {
    records,
    add(record) {
      appendFileSync(file, `${JSON.stringify(record)}\n`);
      records.push(record);
    },
  };
}

/** The calls in a journal that a running host may be adding to. */
export function readCallJournal(file: string): CallRecord[] {
  return readRecords(wholeLines(readFileSync(file, 'utf8')));
}

/** A line without its end was torn by a kill, and its order never answered; or it is being written. */
function wholeLines(text: string): string {
  return text.slice(0, text.lastIndexOf('\n') + 1);
}

function readRecords(text: string): CallRecord[] {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => recordSchema.parse(JSON.parse(line)));
}
