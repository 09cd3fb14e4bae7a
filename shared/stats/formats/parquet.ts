import type { BasicType, ColumnSource } from 'hyparquet-writer';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { type Call, type ColumnName, type ColumnType, callColumns, columnNames } from '../call.ts';

const parquetTypes = {
  text: 'STRING',
  integer: 'INT32',
  boolean: 'BOOLEAN',
  timestamp: 'TIMESTAMP',
} as const satisfies Record<ColumnType, BasicType>;

/** Apache Parquet, compressed with Snappy; times are TIMESTAMP_MILLIS in UTC. */
export function toParquet(calls: readonly Call[]): Uint8Array {
  const columnData = columnNames.map((name) => columnOf(name, calls));
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: Math.max(1, calls.length) }));
}

function columnOf(name: ColumnName, calls: readonly Call[]): ColumnSource {
  const data = calls.map((call) => {
    const value = call[name];
    return name === 'startedAt' && value !== null ? new Date(value as number) : value;
  });
  return { name, data, type: parquetTypes[callColumns[name]], nullable: true };
}
