import { type Call, type ColumnName, columnNames } from '../call.ts';

export type Cell = string | number | boolean | null;

/** The columns of a call as text files write them, in order; times are ISO 8601 in UTC. */
export function cellsOf(call: Call): Record<ColumnName, Cell> {
  const startedAt = call.startedAt === null ? null : new Date(call.startedAt).toISOString();
  const cells = columnNames.map((name) => [name, name === 'startedAt' ? startedAt : call[name]]);
  return Object.fromEntries(cells) as Record<ColumnName, Cell>;
}
