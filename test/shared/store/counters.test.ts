import { GetItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Counters, createDynamoCounters, createMemoryCounters } from '#shared/store/counters.ts';
import { startDynalite, type TestDatabase } from '../../support/dynalite.ts';

const expiresAt = Date.UTC(2026, 10, 22, 9, 1);

let database: TestDatabase;
beforeAll(async () => {
  database = await startDynalite();
});
afterAll(() => database.stop());

const stores: Record<string, () => Counters> = {
  memory: createMemoryCounters,
  DynamoDB: () => createDynamoCounters(database.client, database.tableName),
};

describe.each(Object.keys(stores))('counters in %s', (kind) => {
  const open = () => (stores[kind] as () => Counters)();

  test('begin at 0, and each is its own', async () => {
    const counters = open();
    expect(await counters.add('a', 1, expiresAt)).toBe(1);
    expect(await counters.add('a', 2, expiresAt)).toBe(3);
    expect(await counters.add('b', 2, expiresAt)).toBe(2);
  });

  test('miss none of 50 that add at once', async () => {
    const counters = open();
    const counts = await Promise.all(Array.from({ length: 50 }, () => counters.add('crowd', 1, expiresAt)));
    expect(counts.sort((x, y) => x - y)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1));
  });
});

test('a counter leaves the table when its time is over', async () => {
  const { client, tableName } = database;
  await createDynamoCounters(client, tableName).add('passing', 1, expiresAt);
  const { Item } = await client.send(new GetItemCommand({ TableName: tableName, Key: { pk: { S: 'passing' } } }));
  expect(Item?.['ttl']).toEqual({ N: String(expiresAt / 1000) });
});
