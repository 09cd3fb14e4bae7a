import { createHash } from 'node:crypto';
import { readText } from './read-field.ts';

const oddPrefix = 'record-';

/** Longer than any provider's number, and short enough for a key of the table. */
const maxLength = 256;

/**
 * The provider's own number of a record. One that has none, or one that cannot be a number, is told from others by all that it says:
 * it is exported, and belongs to no lead.
 */
export function idOf(given: unknown, raw: string): string {
  const id = readText(given);
  if (id !== null && id.length <= maxLength) return id;
  return `${oddPrefix}${createHash('sha256').update(raw).digest('hex').slice(0, 16)}`;
}

export function isOdd(id: string): boolean {
  return id.startsWith(oddPrefix);
}
