import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, expect, test } from 'vitest';
import { credentials, region } from '../../../infra/local/aws.ts';
import { type Database, startDatabase } from '../../../infra/local/database.ts';
import type { TableDefinition } from '../../../infra/local/template.ts';

const table: TableDefinition = {
  TableName: 'leads',
  AttributeDefinitions: [
    { AttributeName: 'pk', AttributeType: 'S' },
    { AttributeName: 'due', AttributeType: 'S' },
  ],
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
  GlobalSecondaryIndexes: [
    {
      IndexName: 'work',
      KeySchema: [{ AttributeName: 'due', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' },
    },
  ],
};

const folder = mkdtempSync(join(tmpdir(), 'ringback-database-'));
const running: Database[] = [];
afterEach(async () => {
  await stopAll();
  rmSync(folder, { recursive: true });
});

async function start() {
  const database = await startDatabase(folder);
  running.push(database);
  const client = new DynamoDBClient({ endpoint: database.origin, region, credentials });
  return { ...database, client };
}

async function stopAll() {
  for (const database of running.splice(0)) await database.stop();
}

test('keeps its rows over a restart', async () => {
  const first = await start();
  await first.create([table]);
  await first.client.send(new PutItemCommand({ TableName: 'leads', Item: { pk: { S: 'a1' } } }));
  await stopAll();
  const second = await start();
  await second.create([table]);
  const { Item } = await second.client.send(new GetItemCommand({ TableName: 'leads', Key: { pk: { S: 'a1' } } }));
  expect(Item).toEqual({ pk: { S: 'a1' } });
});

test('refuses a folder that another host uses', async () => {
  await start();
  await expect(startDatabase(folder)).rejects.toThrow('another host uses');
});

test('refuses a table that was made with other indexes', async () => {
  const { create } = await start();
  await create([table]);
  await expect(create([{ ...table, GlobalSecondaryIndexes: [] }])).rejects.toThrow('made by another version');
});
