import { type DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';

/** Counters that any number of functions add to at once: one write each, nothing read before, nothing tried again. */
export type Counters = {
  /** Adds to a counter, which begins at 0. Resolves with what it is now. It may be deleted from `expiresAt` (milliseconds since 1970 UTC) on. */
  add(key: string, amount: number, expiresAt: number): Promise<number>;
};

/** Counters as rows of the table. An answer that got lost may count twice. */
export function createDynamoCounters(client: DynamoDBClient, tableName: string): Counters {
  return {
    async add(key, amount, expiresAt) {
      const { Attributes } = await client.send(
        new UpdateItemCommand({
          TableName: tableName,
          Key: { pk: { S: key } },
          UpdateExpression: 'SET #ttl = :ttl ADD #count :amount',
          ExpressionAttributeNames: { '#ttl': 'ttl', '#count': 'count' },
          ExpressionAttributeValues: {
            ':ttl': { N: String(Math.ceil(expiresAt / 1000)) },
            ':amount': { N: String(amount) },
          },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return Number(Attributes?.['count']?.N);
    },
  };
}

/** The twin for tests. */
export function createMemoryCounters(): Counters & { counts: Map<string, number> } {
  const counts = new Map<string, number>();
  return {
    counts,
    async add(key, amount) {
      const count = (counts.get(key) ?? 0) + amount;
      counts.set(key, count);
      return count;
    },
  };
}
