import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { callColumns } from '#shared/stats/call.ts';
import { manifestPrefix, readManifest } from '#shared/stats/export.ts';
import { listAll, type ObjectStore } from '#shared/store/objects.ts';
import type { Told } from './oracle-call.ts';

export type Sums = { provider: string; day: string; calls: number; answered: number; talk: number };

/** What another engine reads in the files of calls that the manifests name: sums from Parquet, and how many rows the other formats have otherwise. */
export async function readByDuckdb(objects: ObjectStore): Promise<{ sums: Sums[]; rows: number; disagreeing: number }> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-duckdb-'));
  await copyFiles(objects, folder);
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const query = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  try {
    for (const [format, sql] of Object.entries(tablesOf(folder)))
      await connection.run(`CREATE TABLE ${format} AS ${sql}`);
    const sums = await query(
      `SELECT provider, coalesce(strftime(startedAt, '%Y-%m-%d'), 'none') AS day, count(*)::INT AS calls,
       count_if(answered)::INT AS answered, coalesce(sum(talkSeconds), 0)::INT AS talk
       FROM '${folder}/parquet/*.parquet' GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    const pairs = [
      ['parquet', 'ndjson'],
      ['ndjson', 'csv'],
      ['csv', 'parquet'],
    ];
    const differences = pairs.map(([one, other]) => `SELECT * FROM (FROM ${one} EXCEPT ALL FROM ${other})`);
    const [counted] = await query(
      `SELECT (SELECT count(*) FROM parquet)::INT AS rows,
       (SELECT count(*) FROM (${differences.join(' UNION ALL ')}))::INT AS disagreeing`,
    );
    return { sums: sums as unknown as Sums[], ...(counted as { rows: number; disagreeing: number }) };
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true });
  }
}

/** The oracle's own. */
export function sumsOf(calls: readonly Told[]): Sums[] {
  const groups = Map.groupBy(
    calls,
    ({ provider, startedAt }) => `${provider} ${startedAt === null ? 'none' : String(startedAt).slice(0, 10)}`,
  );
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, group]) => ({
      provider: key.split(' ')[0] ?? '',
      day: key.split(' ')[1] ?? '',
      calls: group.length,
      answered: group.filter(({ answered }) => answered).length,
      talk: group.reduce((sum, { talkSeconds }) => sum + Number(talkSeconds), 0),
    }));
}

async function copyFiles(objects: ObjectStore, folder: string): Promise<void> {
  let count = 0;
  for (const format of ['parquet', 'ndjson', 'csv']) await mkdir(join(folder, format));
  for await (const { key } of listAll(objects, manifestPrefix('calls'))) {
    for (const file of (await readManifest(objects, key))?.files ?? []) {
      const body = (await objects.get(file.key)) ?? '';
      await writeFile(join(folder, file.format, `${count++}.${file.format}`), body);
    }
  }
}

/** All columns as text, as the text files write them. */
function tablesOf(folder: string): Record<string, string> {
  const names = Object.keys(callColumns);
  const texts = names.map((name) =>
    callColumns[name as keyof typeof callColumns] === 'timestamp'
      ? `strftime(${name}, '%Y-%m-%dT%H:%M:%S.%gZ') AS ${name}`
      : `${name}::VARCHAR AS ${name}`,
  );
  const types = `{${names.map((name) => `'${name}': 'VARCHAR'`).join(', ')}}`;
  const ndjson = `read_json('${folder}/ndjson/*.ndjson', format = 'newline_delimited', columns = ${types})`;
  const csv = `read_csv('${folder}/csv/*.csv', header = true, quote = '"', escape = '"', columns = ${types})`;
  return {
    parquet: `SELECT ${texts.join(', ')} FROM '${folder}/parquet/*.parquet'`,
    ndjson: `SELECT ${names.join(', ')} FROM ${ndjson}`,
    csv: `SELECT ${names.join(', ')} FROM ${csv}`,
  };
}
