import * as z from 'zod';
import { timeZoneSchema } from '../../config/values.ts';
import { ProviderError } from '../../errors.ts';
import type { StoredToken } from '../../store/tokens.ts';
import { fromWallClock } from '../../zoned-time.ts';
import type { Order } from '../provider.ts';

const hour = 3_600_000;
/** "токен будет действителен 4 часа" (v2u document), less a margin for clocks that differ and requests under way. */
const tokenLifeMs = 4 * hour;
const tokenMarginMs = 5 * 60_000;
/** Where the profile says nothing (field notes, assumed). */
const defaultTimeZone = 'Europe/Moscow';

const id = z.union([z.string().min(1), z.number()]).transform(String);
const unixSeconds = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)]);

const tokenSchema = z.object({ token: z.string().min(1), expire: unixSeconds.optional().catch(undefined) });

/** The answer of /auth/token; a token is kept for four hours at most from when it was asked for. */
export function readToken(answer: unknown, askedAt: number): StoredToken {
  const read = tokenSchema.safeParse(answer);
  if (!read.success) throw unreadable('the answer has no token');
  const { token, expire = Number.POSITIVE_INFINITY } = read.data;
  return { token, expiresAt: Math.min(askedAt + tokenLifeMs, expire * 1000) - tokenMarginMs };
}

/** The parameters of "Выполнение звонка" for a lead, `delayed` where the call is deferred; what the lead lacks is left out. */
export function toCallParams(
  { phone, fields, attribution, visitor, callAt }: Order,
  region?: string,
): { phone: string; delayed?: string } {
  const params = {
    region,
    source_call: attribution.current_page,
    source_enter: attribution.entry_point,
    source_referer: attribution.referrer,
    return_count: pagesSeen(fields['return_count']),
    ip: visitor.address,
    useragent: visitor.userAgent,
    delayed: callAt === undefined ? undefined : isoSecond(callAt),
  };
  const known = Object.entries(params).filter(([, value]) => value !== undefined && value !== '');
  return { phone: digits(phone), ...Object.fromEntries(known) };
}

/** How many pages the visitor saw before: only the site's own script can count them, into a field of the parameter's name. */
function pagesSeen(field: string | string[] | undefined): string | undefined {
  return typeof field === 'string' && /^\d{1,6}$/.test(field) ? field : undefined;
}

/** `/call` answers `{id, call_id}` (field notes, assumed): the second is the one that /calls knows. */
const placedSchema = z.union([z.object({ call_id: id }).transform(({ call_id }) => call_id), z.object({ id })]);

/** The call's id. Throws ProviderError `unknown` when there is none: nothing could tell the call from others later. */
export function readPlaced(answer: unknown): string {
  const read = placedSchema.safeParse(answer);
  if (!read.success) throw unreadable('the answer names no call');
  return typeof read.data === 'string' ? read.data : read.data.id;
}

const recordSchema = z.looseObject({
  id: id.optional().catch(undefined),
  client: id.optional().catch(undefined),
  phone: id.optional().catch(undefined),
  status: id.optional().catch(undefined),
  duration: z.coerce.number().optional().catch(undefined),
  start_at: z.string().optional().catch(undefined),
  created_at: z.string().optional().catch(undefined),
});

/** A call of the provider's list: what is recognised, which may be nothing, and all of it as it came. Times in milliseconds since 1970 UTC. */
export type CallRecord = {
  id: string | undefined;
  client: string | undefined;
  phone: string | undefined;
  status: string | undefined;
  durationSeconds: number | undefined;
  startAt: number | undefined;
  createdAt: number | undefined;
  raw: unknown;
};

/** `/calls` answers a bare array (field notes), whose times are in the profile's zone. Throws ProviderError. */
export function readCallRecords(answer: unknown, timeZone: string): CallRecord[] {
  if (!Array.isArray(answer)) throw unreadable('the list of calls cannot be read');
  const instant = (text: string | undefined) => (text === undefined ? undefined : fromWallClock(text, timeZone));
  return answer.map((raw) => {
    const { data: record } = recordSchema.safeParse(raw);
    return {
      id: record?.id,
      client: record?.client,
      phone: record?.phone,
      status: record?.status,
      durationSeconds: record?.duration,
      startAt: instant(record?.start_at),
      createdAt: instant(record?.created_at),
      raw,
    };
  });
}

const profileSchema = z.looseObject({ timezone: timeZoneSchema.default(defaultTimeZone) });

/** The zone of all times of an account. Throws ProviderError when it cannot be understood: hours of difference would hide a call. */
export function readTimeZone(profile: unknown): string {
  const read = profileSchema.safeParse(profile);
  if (read.success) return read.data.timezone;
  throw new ProviderError('the time zone of the profile cannot be understood', {
    provider: 'pozvonim',
    fault: 'account',
  });
}

export function digits(phone: string): string {
  return phone.replaceAll(/\D/g, '');
}

function unreadable(message: string): ProviderError {
  return new ProviderError(message, { provider: 'pozvonim', fault: 'unknown' });
}

/** ISO 8601 without the fraction, which PHP's own constant for it does not know either. */
function isoSecond(instant: number): string {
  return `${new Date(Math.ceil(instant / 1000) * 1000).toISOString().slice(0, 19)}+00:00`;
}
