import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { indexNames } from '#shared/store/table.ts';

const tableName = 'ringback-test';

export type TestDatabase = { client: DynamoDBClient; tableName: string; stop(): Promise<void> };

/** A real DynamoDB protocol server in memory, on a free port of the loopback, with Ringback's table in it. */
export async function startDynalite(): Promise<TestDatabase> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  await client.send(new CreateTableCommand({ ...leadsTable(tableName), BillingMode: 'PAY_PER_REQUEST' }));
  return {
    client,
    tableName,
    async stop() {
      client.destroy();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Ringback's table, as CreateTable takes it. */
export function leadsTable(TableName: string) {
  return {
    TableName,
    AttributeDefinitions: ['pk', ...indexNames.flatMap((index) => [`${index}Partition`, `${index}Sort`])].map(
      (AttributeName) => ({ AttributeName, AttributeType: 'S' as const }),
    ),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' as const }],
    GlobalSecondaryIndexes: indexNames.map((index) => ({
      IndexName: index,
      KeySchema: [
        { AttributeName: `${index}Partition`, KeyType: 'HASH' as const },
        { AttributeName: `${index}Sort`, KeyType: 'RANGE' as const },
      ],
      Projection: { ProjectionType: 'KEYS_ONLY' as const },
    })),
  };
}
