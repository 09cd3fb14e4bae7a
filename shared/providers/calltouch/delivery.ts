import { ProviderError } from '../../errors.ts';
import { readRecord } from '../../stats/read-field.ts';
import type { CallQuery, ListedCall, Order, Placed } from '../provider.ts';
import type { Client } from './client.ts';
import { provider } from './faults.ts';
import { dayOf, toRequestDate, toScheduleTime, writeDay } from './moscow.ts';
import { customFieldName, elevenDigits, maxCustomFields, maxText } from './params.ts';
import { readCall } from './wire.ts';

/** Hands over a copy of the lead. Its id goes along as the request's number, so that a repeat can be told. */
export async function trackLead(client: Client, order: Order): Promise<Placed> {
  const { requestId } = await client.register(toRequest(order));
  return { providerId: requestId };
}

/** The register document's parameters for a lead. A form's field named `customField[…]` or `tags` goes to the parameter of that name. */
function toRequest(order: Order): Parameters<Client['register']>[0] {
  const { attribution } = order;
  const customFields = Object.entries(order.fields)
    .filter(([name]) => customFieldName.test(name))
    .slice(0, maxCustomFields)
    .map(([name, value]) => [name, String(value)]);
  return withoutGaps({
    ...Object.fromEntries(customFields),
    subject: clip(order.subject),
    requestNumber: clip(order.leadId),
    requestDate: toRequestDate(order.createdAt),
    sessionId: sessionOf(order),
    fio: order.name,
    phoneNumber: phoneOf(order),
    email: order.email,
    comment: order.comment,
    tags: tagsOf(order),
    requestUrl: attribution.current_page,
  });
}

/** Rings the phone now, or at `callAt`. Throws ProviderError: `unknown` whenever the answer does not prove what became of it. */
export async function placeCall(client: Client, order: Order): Promise<Placed> {
  const { data } = await client.callback(toCallback(order));
  return { providerId: data.widgetRequestId };
}

/** The callback's parameters for a lead. `fields` is what the manager reads in the cabinet, hence the Russian names. */
function toCallback(order: Order): Parameters<Client['callback']>[0] {
  const { attribution, callAt } = order;
  const fields = [
    ['Форма', order.subject],
    ['Имя', order.name],
    ['Почта', order.email],
    ['Комментарий', order.comment],
    ...Object.entries(order.fields).filter(([name]) => name !== 'tags'),
  ] as const;
  return withoutGaps({
    phone: phoneOf(order),
    fields: fields
      .filter(([, value]) => value !== undefined && value !== '')
      .map(([name, value]) => ({ name, value: String(value) })),
    sessionId: sessionOf(order),
    utmSource: attribution.utm_source,
    utmMedium: attribution.utm_medium,
    utmCampaign: attribution.utm_campaign,
    utmContent: attribution.utm_content,
    utmTerm: attribution.utm_term,
    callUrl: attribution.current_page,
    tags: tagsOf(order),
    scheduleTime: callAt === undefined ? undefined : toScheduleTime(callAt),
  });
}

/** Callbacks to this phone in the window. A record without a time could be the one looked for: it must not be passed over. */
export async function findCalls(client: Client, { phone, from, to }: CallQuery): Promise<ListedCall[]> {
  const days = { dateFrom: writeDay(dayOf(from), 'day first'), dateTo: writeDay(dayOf(to), 'day first') };
  const digits = elevenDigits(phone);
  // The journal knows whole seconds.
  const firstSecond = Math.floor(from / 1000) * 1000;
  const found: ListedCall[] = [];
  for await (const page of client.calls(days)) {
    for (const record of page) {
      const call = readCall(record);
      if (call.phone !== digits || readRecord(record)['callbackCall'] === false) continue;
      if (call.callId === '') {
        throw new ProviderError('a listed call has no id that can be read', { provider, fault: 'unknown' });
      }
      if (call.startedAt === null) {
        throw new ProviderError('a listed call has no date that can be read', { provider, fault: 'unknown' });
      }
      if (call.startedAt < firstSecond || call.startedAt > to) continue;
      found.push({ providerId: call.callId, phone, orderedAt: call.startedAt });
    }
  }
  return found;
}

/** Tags come from a form's field of that name, with commas between them. */
function tagsOf({ fields }: Order): string | undefined {
  return fields['tags']?.toString();
}

function phoneOf({ phone }: Order): string {
  const digits = elevenDigits(phone);
  if (digits !== undefined) return digits;
  throw new ProviderError('Calltouch takes numbers of 11 digits only', { provider, fault: 'lead' });
}

/** A session comes from the visitor's browser: one that is no number would have the whole lead refused. */
function sessionOf({ attribution }: Order): string | undefined {
  const session = attribution.calltouch_session_id?.trim() ?? '';
  return /^\d+$/.test(session) ? session : undefined;
}

/** A lead is not lost to tracking because its form's name is long. */
function clip(text: string): string {
  return text.slice(0, maxText).toWellFormed();
}

function withoutGaps<Params extends Record<string, unknown>>(params: Params) {
  return Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined && value !== '')) as {
    [Name in keyof Params]: Exclude<Params[Name], undefined>;
  };
}
