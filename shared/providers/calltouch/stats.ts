import type { Wait } from '../../ports.ts';
import { blankCall, type ProviderCall } from '../../stats/call.ts';
import { idOf, isOdd } from '../../stats/odd-record.ts';
import { readInstant, readPhone, readRecord, readSeconds, readText } from '../../stats/read-field.ts';
import type { Place, StatsWindow } from '../provider.ts';
import type { Client } from './client.ts';
import { dayOf, timeZone, writeDay } from './moscow.ts';
import { readCall as readOutcome } from './wire.ts';

/** Orders share the five requests a second of one address: the statistics leave four of them alone. */
export const restMs = 1_000;

/** The journal of calls for the days in Moscow that the window touches. A place is a day and a page. Throws ProviderError. */
export async function* listCalls(
  client: Client,
  { from, to }: StatsWindow,
  wait: Wait,
  place?: Place,
): AsyncGenerator<ProviderCall[]> {
  const first = dayOf(from);
  const [startDay = first, startPage = '1'] = place?.from?.split(' ') ?? [];
  for (const day of new Set([first, dayOf(to - 1)])) {
    if (day < startDay) continue;
    const date = writeDay(day, 'day first');
    let page = day === startDay ? Number(startPage) : 1;
    for await (const records of client.calls({ dateFrom: date, dateTo: date }, page)) {
      // Beyond the last page, where a list that was left off just there begins: the next place is in the next day.
      if (records.length === 0) continue;
      place?.passed(`${day} ${++page}`);
      const calls = records.map(readCall);
      // A call without a start has its day in Moscow only: it comes with the one window that begins in it.
      yield day === first ? calls : calls.filter(({ startedAt }) => startedAt !== null);
      await wait(restMs);
    }
  }
}

/** Fields seen in records (field notes). */
export function readCall(entry: unknown): ProviderCall {
  const { status, answered, talkSeconds, startedAt } = readOutcome(entry);
  const record = readRecord(entry);
  const raw = JSON.stringify(entry);
  return {
    ...blankCall,
    callId: idOf(record['callId'], raw),
    status,
    outcome: answered ? 'answered' : 'no-answer',
    failedSide: answered ? 'none' : null,
    answered,
    startedAt: readInstant(startedAt),
    timeZone,
    talkSeconds: readSeconds(talkSeconds),
    phone: readPhone(record['callerNumber']),
    managerPhone: readPhone(record['phoneNumber']),
    site: readText(record['siteName'] ?? record['siteId']),
    pageUrl: readText(record['callUrl'] ?? record['url']),
    utmSource: readText(record['utmSource'] ?? record['source']),
    utmMedium: readText(record['utmMedium'] ?? record['medium']),
    utmCampaign: readText(record['utmCampaign']),
    utmContent: readText(record['utmContent']),
    utmTerm: readText(record['utmTerm']),
    gaClientId: readText(record['clientId']),
    ymClientId: readText(record['yaClientId']),
    calltouchSessionId: readText(record['sessionId']),
    raw,
  };
}

/**
 * A call as a hook tells it: the fields of Calltouch's cabinet (assumed), which are partly other names for those of the journal.
 * `callphase` says how far the call is.
 */
export function readHook(fields: Record<string, unknown>): ProviderCall | undefined {
  const phase = readText(fields['callphase']);
  const callId = fields['callId'] ?? fields['id'];
  const call = readCall({
    ...fields,
    callId,
    callerNumber: fields['callerNumber'] ?? fields['callerphone'],
    phoneNumber: fields['phoneNumber'] ?? fields['phonenumber'],
    successful: fields['successful'] ?? fields['status'] === 'successful',
  });
  if (isOdd(call.callId)) return undefined;
  const raw = JSON.stringify(fields);
  if (phase === null || phase === 'callcompleted') return { ...call, final: true, raw };
  return { ...call, status: phase, outcome: 'in-progress', final: false, raw };
}
