import type { Cell, Columns, Row } from '../columns.ts';

/** The cells of a row as text files write them, in the order of its columns; times are ISO 8601 in UTC. */
export function cellsOf(row: Row, columns: Columns): Record<string, Cell> {
  const cells = Object.entries(columns).map(([name, type]) => {
    const value = row[name] ?? null;
    return [name, type === 'timestamp' && value !== null ? new Date(Number(value)).toISOString() : value];
  });
  return Object.fromEntries(cells);
}
