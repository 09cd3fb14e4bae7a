import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { listAll, type ObjectStore } from '#shared/store/objects.ts';

/** All that lies in the bucket as text, whether a manifest names it or not; Parquet files as DuckDB reads them. */
export async function exportedText(objects: ObjectStore): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bucket-'));
  const texts: string[] = [];
  let parquets = 0;
  for await (const { key } of listAll(objects, '')) {
    const body = (await objects.get(key)) ?? new Uint8Array();
    if (key.endsWith('.parquet')) await writeFile(join(folder, `${parquets++}.parquet`), body);
    else texts.push(Buffer.from(body).toString());
  }
  if (parquets > 0) texts.push(await readParquet(folder));
  await rm(folder, { recursive: true });
  return texts.join('\n');
}

async function readParquet(folder: string): Promise<string> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  const reader = await connection.runAndReadAll(
    `SELECT * FROM read_parquet('${folder}/*.parquet', union_by_name = true)`,
  );
  const text = JSON.stringify(reader.getRowObjectsJson());
  connection.closeSync();
  instance.closeSync();
  return text;
}
