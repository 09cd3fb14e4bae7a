import type { Columns, Row } from '../columns.ts';
import { cellsOf } from './cells.ts';

/** A line of JSON for each row; times are ISO 8601 in UTC. */
export function toNdjson(rows: readonly Row[], columns: Columns): Uint8Array {
  return Buffer.from(rows.map((row) => `${JSON.stringify(cellsOf(row, columns))}\n`).join(''));
}

/** Reads what `toNdjson` wrote. */
export function fromNdjson(content: Uint8Array, columns: Columns): Row[] {
  const instants = Object.keys(columns).filter((name) => columns[name] === 'timestamp');
  const lines = Buffer.from(content).toString().split('\n').slice(0, -1);
  return lines.map((line) => {
    // Written by this very code.
    const row = JSON.parse(line) as Row;
    const times = instants.map((name) => [name, typeof row[name] === 'string' ? Date.parse(row[name]) : null]);
    return { ...row, ...Object.fromEntries(times) };
  });
}
