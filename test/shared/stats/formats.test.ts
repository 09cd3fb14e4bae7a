import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { callColumns, callSchema } from '#shared/stats/call.ts';
import { toCsv } from '#shared/stats/formats/csv.ts';
import { fromNdjson, toNdjson } from '#shared/stats/formats/ndjson.ts';
import { toParquet } from '#shared/stats/formats/parquet.ts';
import { makeCall, startedAt } from './calls.ts';

const dangerous = [
  '=cmd()',
  '@SUM(1)',
  '-2+3',
  '+7 call',
  '\t=1',
  '\r=1',
  '＝1',
  'plain',
  '"quoted", and more',
  'two\nlines',
  '',
];
const calls = [
  ...dangerous.map((site, index) => makeCall({ callId: `9${index}`, site, startedAt: startedAt + index * 1000 })),
  makeCall({
    callId: '12345678901234567890123',
    phone: null,
    startedAt: null,
    talkSeconds: null,
    final: null,
    recordUrl: null,
  }),
  makeCall({ callId: 'joined', leadId: 'lead-1', leadAcceptedAt: startedAt - 5_001 }),
  makeCall({ callId: 'ru', utmCampaign: 'Осень 🍂', raw: '{"id":12345678901234567890,"a":"\\u0000"}' }),
];

let folder: string;
let query: (sql: string) => Promise<Record<string, unknown>[]>;
let close: () => void;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ringback-formats-'));
  await writeFile(join(folder, 'calls.parquet'), toParquet(calls, callColumns));
  await writeFile(join(folder, 'calls.ndjson'), toNdjson(calls, callColumns));
  await writeFile(join(folder, 'calls.csv'), toCsv(calls, callColumns));
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  query = async (sql) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  close = () => {
    connection.closeSync();
    instance.closeSync();
  };
});
afterAll(async () => {
  close();
  await rm(folder, { recursive: true });
});

describe('Parquet, as another engine reads it', () => {
  test('has every column of the schema, with its type', async () => {
    const columns = await query(`DESCRIBE SELECT * FROM '${folder}/calls.parquet'`);
    const types = Object.fromEntries(columns.map(({ column_name, column_type }) => [column_name, column_type]));
    expect(Object.keys(types)).toEqual(Object.keys(callSchema.shape));
    expect(types).toMatchObject({
      callId: 'VARCHAR',
      answered: 'BOOLEAN',
      talkSeconds: 'INTEGER',
      startedAt: 'TIMESTAMP',
      phone: 'VARCHAR',
    });
  });

  test('says what was put in, nulls and long numbers included', async () => {
    const rows = await query(
      `SELECT * REPLACE (epoch_ms(startedAt)::DOUBLE AS startedAt, epoch_ms(leadAcceptedAt)::DOUBLE AS leadAcceptedAt)
       FROM '${folder}/calls.parquet'`,
    );
    expect(rows).toEqual(calls);
  });

  test('is compressed', async () => {
    const many = Array.from({ length: 1000 }, (_, index) => makeCall({ callId: String(index) }));
    expect(toParquet(many, callColumns).byteLength).toBeLessThan(toNdjson(many, callColumns).byteLength / 10);
  });
});

describe('the text formats', () => {
  const lines = () => Buffer.from(toNdjson(calls, callColumns)).toString().trimEnd().split('\n');

  test('write a line of JSON for each call, the same as Parquet has', () => {
    const read = lines().map((line) => JSON.parse(line));
    const expected = calls.map((call) => ({
      ...call,
      startedAt: call.startedAt === null ? null : new Date(call.startedAt).toISOString(),
      leadAcceptedAt: call.leadAcceptedAt === null ? null : new Date(call.leadAcceptedAt).toISOString(),
    }));
    expect(read).toEqual(expected);
  });

  test('of JSON are read back as they were', () => {
    expect(fromNdjson(toNdjson(calls, callColumns), callColumns)).toEqual(calls);
  });

  test('of JSON from before a column was added have nothing in it', () => {
    const { leadAcceptedAt: _none, ...older } = callColumns;
    expect(fromNdjson(toNdjson(calls.slice(0, 1), older), callColumns)).toEqual(calls.slice(0, 1));
  });

  test('agree: CSV has the same cells, but for the apostrophes before what a spreadsheet would run', async () => {
    const rows = await query(
      `SELECT * FROM read_csv('${folder}/calls.csv', all_varchar = true, header = true, quote = '"', escape = '"')`,
    );
    const expected = lines().map((line) =>
      Object.fromEntries(
        Object.entries(JSON.parse(line)).map(([name, value]) => [name, value === null ? null : String(value)]),
      ),
    );
    const withoutGuards = (cell: string) => cell.replace(/^'/, '').replace(/([;\t\r\n])'(?=[=+@-])/g, '$1');
    const plain = rows.map((row) => ({ ...row, site: withoutGuards(String(row['site'] ?? '')) }));
    expect(plain).toEqual(expected.map((row) => ({ ...row, site: row['site'] ?? '' })));
    expect(Object.keys(rows[0] ?? {})).toEqual(Object.keys(callColumns));
  });

  test('CSV begins no cell with what a spreadsheet would run, and leaves phones as they are', async () => {
    const rows = await query(
      `SELECT site, phone FROM read_csv('${folder}/calls.csv', all_varchar = true, header = true)`,
    );
    const sites = rows.map(({ site }) => String(site ?? ''));
    expect(sites.filter((site) => /^[=+\-@\t\r\n＝＋－＠]/.test(site))).toEqual([]);
    expect(sites.filter((site) => site.startsWith("'"))).toHaveLength(7);
    expect(rows[0]?.['phone']).toBe('+79161112233');
  });
});
