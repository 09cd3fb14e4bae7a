import { createHash, createHmac } from 'node:crypto';
import { captchaTokens, type Fields } from './fields.ts';
import type { KeySource } from './lead.ts';

const minute = 60_000;
/** Without a key of its own, a phone sent again to the same form within this time is the same lead. */
export const repeatWindow = 10 * minute;
/** How far the clocks of two functions may be apart. */
const clockSkew = 2 * minute;

const notPayload = new Set<string>(['_key', '_stamp', ...captchaTokens]);

/** Hex of 128 bits. A key means the same lead whether it came as a header or as a field, so that a page may change its way. */
export function keyedLeadId(form: string, source: Exclude<KeySource, 'window'>, key: string): string {
  return leadId(form, source === 'tilda' ? 'tilda' : 'key', key);
}

/**
 * The ids of the same phone in this window of ten minutes and in those next to it that may hold the same lead still, or, by
 * another function's clock, already. What is spam by its look goes by other ids, so that it cannot stand in a person's way.
 * Ids are logged, and there are few enough phones to try them all: without `secret` none can be found again from an id.
 */
export function windowLeadIds(form: string, phone: string, isSpam: boolean, now: number, secret: string) {
  const index = Math.floor(now / repeatWindow);
  const idOf = (window: number) => {
    const kind = isSpam ? 'spam-window' : 'window';
    return createHmac('sha256', secret)
      .update(JSON.stringify([form, kind, phone, window]))
      .digest('hex')
      .slice(0, 32);
  };
  const isNextNear = (index + 1) * repeatWindow - now <= clockSkew;
  return { current: idOf(index), neighbours: [idOf(index - 1), ...(isNextNear ? [idOf(index + 1)] : [])] };
}

/** Is a lead of a neighbouring window young enough to be the same one? */
export function isSameWindow(createdAt: number, now: number): boolean {
  return Math.abs(now - createdAt) < repeatWindow;
}

/** Hash of what the visitor sent, whatever the order of its fields. */
export function payloadHash(fields: Fields): string {
  const payload = Object.entries(fields)
    .filter(([name]) => !notPayload.has(name))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return hash(payload);
}

function leadId(form: string, kind: string, key: string): string {
  return hash([form, kind, key]);
}

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 32);
}
