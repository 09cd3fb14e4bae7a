import { blankCall, type ProviderCall } from '../../stats/call.ts';
import { idOf } from '../../stats/odd-record.ts';
import { readInstant, readPhone, readRecord, readSeconds, readText } from '../../stats/read-field.ts';
import { toWallClock } from '../../zoned-time.ts';
import type { Attempt } from '../patience.ts';
import type { Place, StatsWindow } from '../provider.ts';
import { inParts } from '../windows.ts';
import type { Client } from './client.ts';
import { type CallRecord, readCallRecords, readTimeZone } from './wire.ts';

const hourMs = 3_600_000;

/** All calls of a window (`/calls` of the v2u document), whose bounds are in the profile's zone. Throws ProviderError. */
export async function* listCalls(
  client: Client,
  window: StatsWindow,
  attempt: Attempt,
  place?: Place,
): AsyncGenerator<ProviderCall[]> {
  const timeZone = readTimeZone(await attempt(() => client.getProfile({})));
  const marginMs = marginOf(window, timeZone);
  const parts = inParts(
    window,
    async ({ from, to }) => {
      const bounds = {
        start_at: toWallClock(from - marginMs, timeZone),
        end_at: toWallClock(to + marginMs, timeZone),
      };
      return readCallRecords(await attempt(() => client.listCalls(bounds)), timeZone);
    },
    place,
  );
  for await (const records of parts) yield records.map((record) => readCall(record, timeZone));
}

/** When clocks are set back an hour comes twice, and a bound within it may mean either: so much more is asked for. */
function marginOf({ from, to }: StatsWindow, timeZone: string): number {
  const offsetAt = (instant: number) => Date.parse(`${toWallClock(instant, timeZone).replace(' ', 'T')}Z`) - instant;
  return offsetAt(from - 24 * hourMs) === offsetAt(to + 24 * hourMs) ? 0 : 2 * hourMs;
}

/** What is recognised of a record: the document names no fields, and its statuses are numbers without a meaning. */
export function readCall(record: CallRecord, timeZone: string): ProviderCall {
  const fields = readRecord(record.raw);
  const raw = JSON.stringify(record.raw);
  const talkSeconds = readSeconds(record.durationSeconds);
  const answered = talkSeconds !== null && talkSeconds > 0;
  return {
    ...blankCall,
    callId: idOf(record.id, raw),
    status: readText(record.status),
    outcome: answered ? 'answered' : 'unknown',
    failedSide: answered ? 'none' : null,
    answered,
    startedAt: readInstant(record.startAt) ?? readInstant(record.createdAt),
    timeZone,
    talkSeconds,
    phone: readPhone(record.client ?? record.phone),
    managerPhone: readPhone(fields['manager']),
    recordUrl: readText(fields['record_url'] ?? fields['record']),
    site: readText(fields['site_id']),
    pageUrl: readText(fields['source_call']),
    utmSource: readText(fields['utm_source']),
    utmMedium: readText(fields['utm_medium']),
    utmCampaign: readText(fields['utm_campaign']),
    utmContent: readText(fields['utm_content']),
    utmTerm: readText(fields['utm_term']),
    raw,
  };
}

/** A uid lists the calls of all its sites, each of which may be an account of its own. */
export function accountOf(
  { raw }: Pick<ProviderCall, 'raw'>,
  accounts: Record<string, Record<string, unknown>>,
): string | undefined {
  const site = readText(readRecord(JSON.parse(raw))['site_id']);
  const own = Object.entries(accounts).find(([, { siteId }]) => siteId === site);
  return own?.[0] ?? Object.keys(accounts)[0];
}
