import type { Wait } from '../../ports.ts';
import type { ProviderLead } from '../../stats/listed-lead.ts';
import { idOf } from '../../stats/odd-record.ts';
import { readInstant, readPhone, readRecord, readText, readYesOrNo } from '../../stats/read-field.ts';
import type { StatsWindow } from '../provider.ts';
import type { Client } from './client.ts';
import { type Day, dayOf, timeZone, writeDay } from './moscow.ts';
import { restMs } from './stats.ts';
import { readRequest } from './wire.ts';

export type ListLeads = (window: StatsWindow) => AsyncGenerator<ProviderLead[]>;

/**
 * The journal of requests for the days in Moscow that a window touches. The last of them is remembered for the window that
 * follows, which begins in it. Throws ProviderError.
 */
export function createListLeads(client: Client, wait: Wait): ListLeads {
  let last: { day: Day; leads: ProviderLead[] } | undefined;

  const leadsOf = async (day: Day) => {
    if (last?.day === day) return last.leads;
    const date = writeDay(day, 'month first');
    const leads: ProviderLead[] = [];
    for await (const records of client.requests({ dateFrom: date, dateTo: date })) leads.push(...records.map(readLead));
    last = { day, leads };
    await wait(restMs);
    return leads;
  };

  return async function* ({ from, to }) {
    const first = dayOf(from);
    yield await leadsOf(first);
    const second = dayOf(to - 1);
    // As with calls: one without an instant comes with the one window that begins in its day.
    if (second !== first) yield (await leadsOf(second)).filter(({ createdAt }) => createdAt !== null);
  };
}

/** Fields of the register document, whose answer is such a record. */
export function readLead(entry: unknown): ProviderLead {
  const { requestNumber, phone, createdAt } = readRequest(entry);
  const record = readRecord(entry);
  const client = readRecord(record['client']);
  const session = readRecord(record['session']);
  const raw = JSON.stringify(entry);
  return {
    requestId: idOf(record['requestId'], raw),
    requestNumber: readText(requestNumber),
    createdAt: readInstant(createdAt),
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
