import { fromWallClock } from '#shared/zoned-time.ts';
import type { PhpParams } from '../php-params.ts';
import { notEnough, Refusal, wrongType } from './refusal.ts';

/** Inclusive, milliseconds since 1970 UTC. */
export type Period = { from: number; to: number };

const dayMs = 86_400_000;

/** `date[from]`, `date[to]` and `time_zone`; a bare `date` is all time, a bound without a time the whole day. */
export function readPeriod({ date, time_zone }: PhpParams): Period {
  if (date === undefined) throw notEnough();
  if (date === '') return { from: 0, to: Number.POSITIVE_INFINITY };
  if (typeof date === 'string') throw new Refusal(406, 'Date is not array');
  const zone = time_zone ?? 'UTC';
  const { from = '1970-01-01', to = '9999-12-31' } = date;
  return { from: instant(from, zone), to: instant(to, zone) + (isDay(to) ? dayMs - 1 : 999) };
}

function isDay(bound: unknown): boolean {
  return typeof bound === 'string' && /^\d{4}-\d\d-\d\d$/.test(bound);
}

function instant(bound: string | PhpParams, zone: string | PhpParams): number {
  const form = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d)?$/;
  if (typeof bound !== 'string' || typeof zone !== 'string' || !form.test(bound)) throw wrongType();
  try {
    const at = fromWallClock(isDay(bound) ? `${bound} 00:00:00` : bound.replace('T', ' '), zone);
    if (at !== undefined) return at;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  throw wrongType();
}
