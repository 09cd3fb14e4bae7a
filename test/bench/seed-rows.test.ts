import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Level } from 'level';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import type { Row, Table } from '#shared/store/table.ts';
import { seedRows } from '../../bench/harness/seed-rows.ts';
import { createStoredRows, rowKinds } from '../../bench/harness/stored-rows.ts';
import { credentials, region } from '../../infra/local/aws.ts';
import { startDatabase } from '../../infra/local/database.ts';
import { leadsTable } from '../support/dynalite.ts';
import { makeLead } from '../support/leads.ts';

const table = leadsTable('leads');
const now = Date.UTC(2026, 10, 22, 9);
const sample = makeLead({ deliveries: [{ state: 'PLACED', attempts: 1, wakeAt: null, nextAt: null }] });
/** Enough for one that waits for a person. */
const history = { sample, stored: 1_000, now, newNonce: () => 'a-nonce' };

const root = mkdtempSync(join(tmpdir(), 'ringback-seed-'));
const rows: Row[] = [];
beforeAll(async () => {
  const rowOf = createStoredRows(history);
  for (let index = 0; index < history.stored; index++) {
    for (const kind of rowKinds) rows.push(...[await rowOf(kind, index)].filter((row) => row !== undefined));
  }
  await inTable('put', async (dynamo) => {
    for (const row of rows) expect(await dynamo.put(row)).toBe(true);
  });
  await inTable('seeded', async () => {});
  await seedRows(join(root, 'seeded'), table, history);
});
afterAll(() => rmSync(root, { recursive: true }));

async function inTable<Result>(folder: string, work: (dynamo: Table) => Promise<Result>): Promise<Result> {
  const database = await startDatabase(join(root, folder));
  const client = new DynamoDBClient({ endpoint: database.origin, region, credentials });
  try {
    await database.create([table]);
    return await work(createDynamoTable(client, table.TableName));
  } finally {
    client.destroy();
    await database.stop();
  }
}

/** All that is stored but the description of the table, which knows when it was made. */
async function stored(folder: string) {
  const level = new Level<string, string>(join(root, folder));
  const entries = await level.iterator().all();
  await level.close();
  return entries.filter(([key]) => !key.startsWith('table~'));
}

test('seeded rows and their index entries are byte for byte what puts of them leave behind', async () => {
  const put = await stored('put');
  expect(await stored('seeded')).toEqual(put);
  // A row each, and the places of leads in the index of their form and, one of them, of those that wait for a person.
  expect(put).toHaveLength(rows.length + history.stored + 1);
});

test('a history has a row for each lead, for the calls of three months and the phones of eight days', () => {
  const count = (prefix: string) => rows.filter(({ pk }) => pk.startsWith(prefix)).length;
  expect(count('lead#')).toBe(1_000);
  // By 360 days; the one that waits for a person has no call.
  expect(count('call#')).toBe(248);
  expect(count('phone#')).toBe(22);
});

test('seeded leads are found by their id and by both indexes, newest first', async () => {
  await inTable('seeded', async (dynamo) => {
    const leads = createLeadStore({ table: dynamo, newNonce: () => '', clock: () => now, retention: () => 0 });
    const page = await leads.page({ form: 'callback' }, { limit: 1_000 });
    const found = await leads.getMany(page.slice(0, 100).map(({ id }) => id));
    expect(page).toHaveLength(1_000);
    expect(found).toHaveLength(100);
    expect(found.map(({ createdAt }) => createdAt)).toEqual(
      found
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    const [waiting, ...others] = await leads.page({ state: 'attention' }, { limit: 10 });
    expect(others).toEqual([]);
    expect((await leads.get(waiting?.id ?? ''))?.deliveries[0]?.state).toBe('HELD');
    expect(await leads.due(now, 10)).toEqual([]);
  });
});
