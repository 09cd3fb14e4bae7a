import { ProviderError } from '../../errors.ts';
import { toWallClock } from '../../zoned-time.ts';
import type { CallQuery, ListedCall, Order, Placed } from '../provider.ts';
import { isSamePhone } from '../same-phone.ts';
import type { Client } from './client.ts';
import { type CallRecord, digits, readCallRecords, readPlaced, readTimeZone, toCallParams } from './wire.ts';

/** Opening hours come round within a week, so no deferred call lies further ahead. */
const deferredAtMostMs = 8 * 24 * 3_600_000;

/** Orders a call from the site's managers to the visitor, now or at `callAt`. Throws ProviderError. */
export async function placeCall(
  client: Client,
  order: Order,
  account: { siteId: string; region?: string | undefined },
): Promise<Placed> {
  const { delayed, ...params } = toCallParams(order, account.region);
  const call = { siteId: account.siteId, ...params };
  const answer = await (delayed === undefined ? client.call(call) : client.delayedCall({ ...call, delayed }));
  return { providerId: readPlaced(answer) };
}

/**
 * Calls to this phone that were ordered in the window. The document does not say which time of a call the bounds
 * mean, so the end leaves room for deferred calls and the time of the order is compared here.
 */
export async function findCalls(client: Client, { phone, from, to }: CallQuery): Promise<ListedCall[]> {
  const timeZone = readTimeZone(await client.getProfile({}));
  const firstSecond = Math.floor(from / 1000) * 1000;
  const answer = await client.listCalls({
    client: digits(phone),
    start_at: toWallClock(firstSecond, timeZone),
    end_at: toWallClock(to + deferredAtMostMs, timeZone),
  });
  return readCallRecords(answer, timeZone)
    .filter((record) => isFor(record, phone))
    .map((record) => ({ providerId: readId(record), phone, orderedAt: orderedAt(record) }))
    .filter((call) => call.orderedAt >= firstSecond && call.orderedAt <= to);
}

/** A record that names no phone could be the one looked for: the list was asked for this client's. */
function isFor({ client, phone: other }: CallRecord, phone: string): boolean {
  const named = [client, other].filter((value) => value !== undefined);
  return named.length === 0 || named.some((value) => isSamePhone(value, phone));
}

/** Nor must one that has no id. */
function readId({ id }: CallRecord): string {
  if (id !== undefined) return id;
  throw new ProviderError('a listed call has no id that can be read', { provider: 'pozvonim', fault: 'unknown' });
}

/** A call of the right phone without a time could be the one looked for: it must not be passed over. */
function orderedAt({ createdAt, startAt }: CallRecord): number {
  const at = createdAt ?? startAt;
  if (at !== undefined) return at;
  throw new ProviderError('a listed call has no time that can be read', { provider: 'pozvonim', fault: 'unknown' });
}
