import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { parquetWriteBuffer } from 'hyparquet-writer';
import type { Columns, ColumnType, Row } from '../columns.ts';

const parquetTypes = {
  text: 'STRING',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const satisfies Record<ColumnType, BasicType>;

/** Apache Parquet, compressed with Snappy; times are TIMESTAMP_MILLIS in UTC. */
export function toParquet(rows: readonly Row[], columns: Columns): Uint8Array {
  const columnData = Object.entries(columns).map(([name, type]) => columnOf(name, type, rows));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: Math.max(1, rows.length) }));
}

function columnOf(name: string, type: ColumnType, rows: readonly Row[]): ColumnSource {
  const data = rows.map((row) => {
    const value = row[name] ?? null;
    return type === 'timestamp' && value !== null ? new Date(Number(value)) : value;
  });
  return { name, data, type: parquetTypes[type], nullable: true };
}
