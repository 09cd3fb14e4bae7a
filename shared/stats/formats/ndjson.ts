import type { Call } from '../call.ts';
import { cellsOf } from './cells.ts';

/** A line of JSON for each call; times are ISO 8601 in UTC. */
export function toNdjson(calls: readonly Call[]): Uint8Array {
  return Buffer.from(calls.map((call) => `${JSON.stringify(cellsOf(call))}\n`).join(''));
}
