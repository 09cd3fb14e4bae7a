import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { Level } from 'level';
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
  rmSync(`${folder}.clean`, { force: true });
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

test('names a row in its indexes again when a kill has torn them', async () => {
  const first = await start();
  await first.create([table]);
  await first.client.send(new PutItemCommand({ TableName: 'leads', Item: { pk: { S: 'a1' }, due: { S: 'due' } } }));
  await stopAll();
  await tearIndexes();
  const second = await start();
  await second.create([table]);
  const { Items } = await second.client.send(
    new QueryCommand({
      TableName: 'leads',
      IndexName: 'work',
      KeyConditionExpression: 'due = :due',
      ExpressionAttributeValues: { ':due': { S: 'due' } },
    }),
  );
  expect(Items).toEqual([{ pk: { S: 'a1' }, due: { S: 'due' } }]);
});

/** Leaves behind what a kill may leave: the row, and nothing of it in an index. */
async function tearIndexes() {
  rmSync(`${folder}.clean`);
  const level = new Level(folder);
  const torn = (await level.keys().all()).filter((key) => key.includes('index-global'));
  expect(torn).toHaveLength(1);
  await level.batch(torn.map((key) => ({ type: 'del', key })));
  await level.close();
}

test('refuses a folder that another host uses', async () => {
  await start();
  await expect(startDatabase(folder)).rejects.toThrow('another host uses');
});

test('refuses a table that was made with other indexes', async () => {
  const { create } = await start();
  await create([table]);
  await expect(create([{ ...table, GlobalSecondaryIndexes: [] }])).rejects.toThrow('made by another version');
});
