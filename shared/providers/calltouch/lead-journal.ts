import type { Wait } from '../../ports.ts';
import type { ProviderLead } from '../../stats/listed-lead.ts';
import { readPhone, readRecord, readText, readYesOrNo } from '../../stats/read-field.ts';
import type { StatsWindow } from '../provider.ts';
import type { Client } from './client.ts';
import { dayOf, timeZone, writeDay } from './moscow.ts';
import { hashOf, restMs } from './stats.ts';
import { type RequestRecord, readRequest } from './wire.ts';

/** The journal of requests for the days in Moscow that the window touches. Throws ProviderError. */
export async function* listLeads(
  client: Client,
  { from, to }: StatsWindow,
  wait: Wait,
): AsyncGenerator<ProviderLead[]> {
  const first = dayOf(from);
  for (const day of new Set([first, dayOf(to - 1)])) {
    const date = writeDay(day, 'month first');
    for await (const records of client.requests({ dateFrom: date, dateTo: date })) {
      const leads = records.map(readLead);
      // As with calls: one without an instant comes with the one window that begins in its day.
      yield day === first ? leads : leads.filter(({ createdAt }) => createdAt !== null);
      await wait(restMs);
    }
  }
}

/** Fields of the register document, whose answer is such a record. */
export function readLead(record: RequestRecord): ProviderLead {
  const { requestId, requestNumber, phone, createdAt } = readRequest(record);
  const client = readRecord(record['client']);
  const session = readRecord(record['session']);
  const raw = JSON.stringify(record);
  return {
    requestId: requestId === '' ? `record-${hashOf(raw)}` : requestId,
    requestNumber: readText(requestNumber),
    createdAt,
    timeZone,
    status: readText(record['status']),
    subject: readText(record['subject']),
    isFirst: readYesOrNo(record['uniqueRequest']),
    isTargeted: readYesOrNo(record['targetRequest']),
    name: readText(client['fio']),
    phone: readPhone(phone),
    email: readEmail(client['contacts']),
    comment: readText(record['comment']),
    pageUrl: readText(record['requestUrl'] ?? session['url']),
    utmSource: readText(session['utmSource']) ?? readText(session['source']),
    utmMedium: readText(session['utmMedium']) ?? readText(session['medium']),
    utmCampaign: readText(session['utmCampaign']),
    utmContent: readText(session['utmContent']),
    utmTerm: readText(session['utmTerm']),
    gaClientId: readText(session['guaClientId']),
    ymClientId: readText(session['yaClientId']),
    calltouchSessionId: readText(session['sessionId']),
    raw,
  };
}

function readEmail(contacts: unknown): string | null {
  const found = Array.isArray(contacts) ? contacts.map(readRecord) : [];
  return readText(found.find(({ contactType }) => contactType === 'EMAIL')?.['contactValue']);
}
