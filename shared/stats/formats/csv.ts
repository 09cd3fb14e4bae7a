import { csvLine } from '../../csv.ts';
import { type Call, columnNames } from '../call.ts';
import { cellsOf } from './cells.ts';

/** A line of names, then a line for each call; nothing between the commas is null. */
export function toCsv(calls: readonly Call[]): Uint8Array {
  return Buffer.from([columnNames, ...calls.map((call) => Object.values(cellsOf(call)))].map(csvLine).join(''));
}
