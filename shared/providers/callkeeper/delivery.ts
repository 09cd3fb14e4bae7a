import { ProviderError } from '../../errors.ts';
import { readRecord, readText } from '../../stats/read-field.ts';
import { fromWallClock } from '../../zoned-time.ts';
import type { CallQuery, ListedCall, Order, Placed } from '../provider.ts';
import { isSamePhone } from '../same-phone.ts';
import type { Client } from './client.ts';
import { entriesOf } from './wire.ts';

type OrderCallParams = Parameters<Client['orderCall']>[0];

/** A manager hears this before being put through: enough to know who it is about, short enough to listen to. */
const maxSpoken = 300;

/**
 * Orders a call now, or at `callAt`. Throws ProviderError: `unknown` whenever the answer does not prove what became of it.
 * A success that names no call is unknown too, since nothing could tell it from others later.
 */
export async function placeCall(client: Client, order: Order, manager?: string): Promise<Placed> {
  const entries = entriesOf(await client.orderCall(toOrderCall(order, manager)));
  const id = entries.find(({ status }) => status === 'success')?.id;
  if (id === undefined || id === null || id === '') {
    throw new ProviderError('the answer names no call', { provider: 'callkeeper', fault: 'unknown' });
  }
  return { providerId: String(id) };
}

/** The parameters of the orderCall document for a lead; what the lead lacks is left out. */
export function toOrderCall(order: Order, manager?: string): OrderCallParams {
  const { attribution, visitor, hours, callAt } = order;
  const otherFields = Object.entries(order.fields).map(([name, value]) => `${name}: ${value}`);
  return withoutGaps({
    client: order.phone.replace('+', ''),
    manager,
    tool_name: order.subject,
    external_service_identifier: order.leadId,
    text_to_manager: spoken([order.subject, order.site, order.name, order.comment]),
    info_to_manager: spoken(otherFields),
    site: order.site,
    client_email: order.email,
    time_to_call: callAt === undefined ? undefined : Math.ceil(callAt / 1000),
    utc: hours?.timeZone,
    opening_hours: hours?.open,
    ip_client: visitor.address,
    user_agent: visitor.userAgent,
    current_page: attribution.current_page,
    entry_point: attribution.entry_point,
    referrer: attribution.referrer,
    utm_source: attribution.utm_source,
    utm_medium: attribution.utm_medium,
    utm_campaign: attribution.utm_campaign,
    utm_content: attribution.utm_content,
    utm_term: attribution.utm_term,
    ga_client_id: attribution.ga_client_id,
    calltouch_session_id: attribution.calltouch_session_id,
    roistat_id: attribution.roistat_id,
  });
}

/** Calls to this phone whose `date` lies in the window. The bounds go in UTC with their zone, to the second as records have it. */
export async function findCalls(client: Client, { phone, from, to }: CallQuery): Promise<ListedCall[]> {
  const firstSecond = Math.floor(from / 1000) * 1000;
  const answer = await client.getCallsInfo({
    date: { from: utcSecond(firstSecond), to: utcSecond(Math.ceil(to / 1000) * 1000) },
    time_zone: 'UTC',
  });
  return entriesOf<unknown>(answer)
    .map(readRecord)
    .filter((record) => !isOfAnother(record, phone))
    .map((record) => ({ providerId: readId(record), phone, orderedAt: readDate(record['date']) }))
    .filter(({ orderedAt }) => orderedAt >= firstSecond && orderedAt <= to);
}

function spoken(parts: readonly (string | undefined)[]): string {
  const text = parts
    .filter((part) => part !== undefined && part !== '')
    .join('. ')
    .replaceAll(/\s+/g, ' ');
  const characters = [...text];
  return characters.length <= maxSpoken ? text : `${characters.slice(0, maxSpoken - 1).join('')}…`;
}

function withoutGaps(params: Record<keyof OrderCallParams, unknown>): OrderCallParams {
  return Object.fromEntries(
    Object.entries(params).filter(([, value]) => value !== undefined && value !== ''),
  ) as OrderCallParams;
}

function utcSecond(at: number): string {
  return new Date(at).toISOString().slice(0, 19);
}

function isOfAnother({ id, phone2 }: Record<string, unknown>, phone: string): boolean {
  return readText(phone2) === null ? readText(id) !== null : !isSamePhone(String(phone2), phone);
}

/** A record that cannot be read could be the one looked for. */
function readId({ id }: Record<string, unknown>): string {
  const read = readText(id);
  if (read !== null) return read;
  throw new ProviderError('a listed call has no id that can be read', { provider: 'callkeeper', fault: 'unknown' });
}

/** `YYYY-MM-DD HH:MM:SS`, UTC. A record of the right phone without a time could be the one looked for: it must not be passed over. */
function readDate(date: unknown): number {
  const at = fromWallClock(String(date), 'UTC');
  if (at !== undefined) return at;
  throw new ProviderError('a listed call has no date that can be read', { provider: 'callkeeper', fault: 'unknown' });
}
