import { openSchema, timeZoneSchema } from '#shared/config/values.ts';
import type { PhpParams } from '../php-params.ts';
import { invalidNumber, noPhone, wrongType } from './refusal.ts';

/** A call as ordered, checked. */
export type OrderedCall = {
  client: string;
  /** As the order named it: a phone, an office's index, or nothing. */
  manager: string;
  text: string;
  /** Milliseconds since 1970 UTC, for a deferred call. */
  ringAt: number | undefined;
  params: Record<string, string>;
};

/** One call of makeCalls or a whole orderCall, its nested `utm` laid flat. */
export function readCall(given: PhpParams): OrderedCall {
  const params = flat(given);
  const { client, manager = '', time_to_call, opening_hours, utc } = params;
  if (client === undefined || client === '') throw noPhone();
  const clientDigits = phoneDigits(client);
  if (clientDigits === undefined || !isManager(manager)) {
    throw invalidNumber();
  }
  if (time_to_call !== undefined && !/^\d{9,10}$/.test(time_to_call)) throw wrongType();
  checkHours(opening_hours, utc);
  return {
    client: clientDigits,
    manager,
    text: params['text_to_manager'] ?? '',
    ringAt: time_to_call === undefined ? undefined : Number(time_to_call) * 1000,
    params,
  };
}

/** Digits with the country's code, from a number with `+( ) - _` in it; undefined when it cannot be rung. */
export function phoneDigits(text: string): string | undefined {
  const digits = text.replaceAll(/[+()_ -]/g, '');
  if (!/^\d{10,15}$/.test(digits)) return undefined;
  if (digits.length === 10) return `7${digits}`;
  return /^8\d{10}$/.test(digits) ? `7${digits.slice(1)}` : digits;
}

export function checkHours(openingHours: unknown, zone: unknown): void {
  if (openingHours !== undefined && !openSchema.safeParse(openingHours).success) throw wrongType();
  const isOffset = typeof zone === 'string' && /^(UTC)?[+-]\d\d:?\d\d$/i.test(zone);
  if (zone !== undefined && !isOffset && !timeZoneSchema.safeParse(zone).success) throw wrongType();
}

function isManager(text: string): boolean {
  const [phone = '', extension, ...rest] = text.replaceAll(/[()]/g, '').split('^');
  if (rest.length > 0 || (extension !== undefined && !/^\d+$/.test(extension))) return false;
  return /^\d{0,2}$/.test(text) || phoneDigits(phone) !== undefined;
}

function flat(given: PhpParams): Record<string, string> {
  const entries = Object.entries(given).flatMap(([name, value]): [string, string][] => {
    if (typeof value === 'string') return [[name, value]];
    if (name === 'utm') return Object.entries(flat(value));
    throw wrongType();
  });
  return Object.fromEntries(entries);
}
