import { blankCall, type ProviderCall } from '../../stats/call.ts';
import { idOf, isOdd } from '../../stats/odd-record.ts';
import {
  readCount,
  readEpochSeconds,
  readInstant,
  readPhone,
  readRecord,
  readSeconds,
  readText,
} from '../../stats/read-field.ts';
import { fromWallClock } from '../../zoned-time.ts';
import type { Attempt } from '../patience.ts';
import type { Place, StatsWindow } from '../provider.ts';
import { inParts } from '../windows.ts';
import type { Client } from './client.ts';
import { describeStatus } from './statuses.ts';
import { entriesOf } from './wire.ts';

/** The statistics of a window. Its bounds go in UTC, the last second included twice rather than never. Throws ProviderError. */
export async function* listCalls(
  client: Client,
  window: StatsWindow,
  attempt: Attempt,
  place?: Place,
): AsyncGenerator<ProviderCall[]> {
  const parts = inParts(
    window,
    async ({ from, to }) => {
      const date = { from: utcSecond(from), to: utcSecond(to) };
      return entriesOf<unknown>(await attempt(() => client.getCallsInfo({ date, time_zone: 'UTC' })));
    },
    place,
  );
  for await (const records of parts) yield records.map(readCall);
}

/** A record of "Параметры ответа в формате JSON" (REST API document), or of a hook, which has the same fields. */
export function readCall(entry: unknown): ProviderCall {
  const record = readRecord(entry);
  const raw = JSON.stringify(entry);
  const code = readText(record['status_code']);
  const code2 = readText(record['status2_code']);
  const status = describeStatus(code ?? '', code2 ?? '');
  const billedMinutes = readSeconds(record['duration_min']);
  const visit = readRecord(record['visit_info'] ?? record['visit info']);
  return {
    ...blankCall,
    ...utmOf({ ...readRecord(visit['current']), ...record }),
    callId: idOf(record['id'], raw),
    status: code === null && code2 === null ? null : status.pair,
    outcome: status.outcome,
    failedSide: status.side,
    final: status.final,
    answered: status.outcome === 'answered',
    startedAt: readInstant(fromWallClock(readText(record['date']) ?? '', 'UTC')),
    timeZone: 'UTC',
    talkSeconds: readSeconds(record['duration2_sec']),
    totalSeconds: readSeconds(record['duration_sec']),
    billedSeconds: billedMinutes === null ? null : readCount(billedMinutes * 60),
    attempt: readCount(record['attempt']),
    phone: readPhone(record['phone2']),
    managerPhone: readPhone(record['phone1']),
    recordUrl: readText(record['record_url']),
    site: readText(record['site']),
    pageUrl: readText(readRecord(visit['session'])['cpg']),
    gaClientId: readText(record['ga_clientid'] ?? record['ga_clid']),
    ymClientId: readText(record['ya_clientid']),
    roistatId: readText(record['roistat_visit']),
    raw,
  };
}

/** A key lists the calls of all its widgets, each of which may be an account of its own. */
export function accountOf(
  { raw }: Pick<ProviderCall, 'raw'>,
  accounts: Record<string, Record<string, unknown>>,
): string | undefined {
  const widget = readText(readRecord(JSON.parse(raw))['widget_hash']);
  const own = Object.entries(accounts).find(
    ([, { whash, walias }]) => widget !== null && [whash, walias].includes(widget),
  );
  return own?.[0] ?? Object.keys(accounts)[0];
}

/** A call as a hook tells it, before it or after; `date_timestamp` is the same instant as `date` (field notes). */
export function readHook(fields: Record<string, unknown>): ProviderCall | undefined {
  const call = readCall(fields);
  if (isOdd(call.callId)) return undefined;
  return { ...call, startedAt: call.startedAt ?? readEpochSeconds(fields['date_timestamp']) };
}

function utmOf(marks: Record<string, unknown>) {
  return {
    utmSource: readText(marks['utm_source']),
    utmMedium: readText(marks['utm_medium']),
    utmCampaign: readText(marks['utm_campaign']),
    utmContent: readText(marks['utm_content']),
    utmTerm: readText(marks['utm_term']),
  };
}

function utcSecond(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}
