import * as z from 'zod';
import type { CallOutcome } from '../../lead/lead.ts';
import { readRecord, readText } from '../../stats/read-field.ts';
import { readMoment } from './moscow.ts';
import { elevenDigits, text } from './params.ts';

export const registeredSchema = z.looseObject({ requestId: text.refine((value) => value !== '') });
export const callbackAnswerSchema = z.looseObject({
  data: z.looseObject({ widgetRequestId: text.refine((value) => value !== '') }),
});

/** A record of a journal as it came, which `readCall` and `readRequest` look at one by one: an odd one hides none of the others. */
const records = z.array(z.unknown());

/** Journal of calls: a page, or a bare array where the answer is not paged (field notes). */
export const callsAnswerSchema = z.union([
  z.looseObject({ pageTotal: z.coerce.number(), records }),
  records.transform((records) => ({ pageTotal: 1, records })),
]);
export const requestsAnswerSchema = records;

export type Call = CallOutcome & {
  /** Digits of the client's number; empty when the record has none. */ phone: string;
};

/** Fields seen in records (field notes); `date` is in Moscow's time, `timestamp` in Unix seconds, by all we know. */
export function readCall(record: unknown): Call {
  const call = readRecord(record);
  const answered = call['successful'] === true || call['successful'] === 'true';
  return {
    callId: readText(call['callId']) ?? '',
    phone: elevenDigits(String(call['callerNumber'] ?? '')) ?? String(call['callerNumber'] ?? '').replaceAll(/\D/g, ''),
    status: answered ? 'successful' : 'unsuccessful',
    answered,
    talkSeconds: readNumber(call['duration']),
    startedAt: readStart(call),
    // A recording's address would carry the account's token.
    recordUrl: null,
  };
}

export type Request = { requestId: string; requestNumber: string; phone: string; createdAt: number | null };

export function readRequest(record: unknown): Request {
  const request = readRecord(record);
  const client = z
    .object({ phones: z.array(z.object({ phoneNumber: text })) })
    .catch({ phones: [] })
    .parse(request['client']);
  return {
    requestId: readText(request['requestId']) ?? '',
    requestNumber: readText(request['requestNumber']) ?? '',
    phone: client.phones[0]?.phoneNumber ?? '',
    createdAt: readNumber(request['date']) ?? readMoment(String(request['dateStr'])) ?? null,
  };
}

function readStart(call: Record<string, unknown>): number | null {
  const timestamp = readNumber(call['timestamp']);
  if (timestamp === null) return readMoment(String(call['date'])) ?? null;
  return timestamp < 1e11 ? timestamp * 1000 : timestamp;
}

function readNumber(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
