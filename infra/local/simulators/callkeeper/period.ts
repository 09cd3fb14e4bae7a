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
  const asUtc = Date.parse(isDay(bound) ? `${bound}T00:00:00Z` : `${bound}Z`);
  if (Number.isNaN(asUtc)) throw wrongType();
  return asUtc - offsetMs(zone, asUtc);
}

function offsetMs(zone: string, at: number): number {
  try {
    const wall = new Date(at).toLocaleString('sv-SE', { timeZone: zone });
    return Date.parse(`${wall.replace(' ', 'T')}Z`) - Math.floor(at / 1000) * 1000;
  } catch (error) {
    if (error instanceof RangeError) throw wrongType();
    throw error;
  }
}
