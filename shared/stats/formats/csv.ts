import { csvLine } from '../../csv.ts';
import type { Columns, Row } from '../columns.ts';
import { cellsOf } from './cells.ts';

/** A line of names, then a line for each row; nothing between the commas is null. */
export function toCsv(rows: readonly Row[], columns: Columns): Uint8Array {
  const lines = [Object.keys(columns), ...rows.map((row) => Object.values(cellsOf(row, columns)))];
  return Buffer.from(lines.map(csvLine).join(''));
}
