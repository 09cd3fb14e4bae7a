import * as z from 'zod';
import { toWallClock } from '../zoned-time.ts';

/** A secret is always named in ringback.config.ts, never written there. */
export type Secret = { secret: string };

export const secretSchema = z.strictObject(
  { secret: z.string().regex(/^[a-z][a-z0-9-]*$/, 'a secret is named in small letters, digits and hyphens') },
  { error: 'must be a secret by name: secret(\'…\'), or {"secret": "…"} in JSON' },
);

/** Names a secret. Its value comes from SSM in the cloud and from RINGBACK_SECRET_<NAME> on one machine. */
export function secret(name: string): Secret {
  return { secret: name };
}

/** An id that an owner may write as a number or as text. */
export const idSchema = z.union([z.string().min(1), z.number().int().nonnegative()]).transform(String);

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30m`, `2h`: read as milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^[1-9]\d{0,5}[smhd]$/, 'a duration reads 30s, 30m, 2h or 1d')
  .transform((text) => Number(text.slice(0, -1)) * unitMs[text.at(-1) as keyof typeof unitMs]);

/** When to run, in EventBridge's notation; a cron has six fields there. */
export const scheduleSchema = z
  .string()
  .regex(
    /^(?:rate\([1-9]\d* (?:minute|hour|day)s?\)|cron\((?:[^ ()]+ ){5}[^ ()]+\))$/,
    "must be in EventBridge's notation, such as rate(1 hour) or cron(0 6 * * ? *)",
  );

const day = /^(?:(?:[01]\d|2[0-3])[0-5]\d)(?:(?:[01]\d|2[0-3])[0-5]\d|2400)$/;

const openRule =
  'opening hours read 09001800, or 56 digits for the seven days from Monday, 00000000 for a closed one; as text, if they begin with 0';

/** Opening hours in CallKeeper's notation: `09001800`, or seven such days from Monday; `00000000` is a closed day. */
export const openSchema = z
  .union([z.string(), z.number()], { error: openRule })
  .transform(String)
  .refine(
    (text) =>
      (text.length === 8 || text.length === 56) &&
      (text.match(/.{8}/g) ?? []).every((part) => day.test(part) && part.slice(0, 4) <= part.slice(4)),
    openRule,
  );

export const timeZoneSchema = z
  .string()
  .refine((zone) => isTimeZone(zone), 'must be a time zone of the IANA database, such as Europe/Moscow');

function isTimeZone(zone: string): boolean {
  try {
    toWallClock(0, zone);
    return true;
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}
