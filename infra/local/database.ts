import { existsSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { Server, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  PutItemCommand,
  paginateScan,
  ResourceNotFoundException,
  type TableDescription,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { Level } from 'level';
import { ConfigError } from '#shared/errors.ts';
import { credentials, region } from './aws.ts';
import { close, listen } from './listen.ts';
import type { TableDefinition } from './template.ts';

export type Database = {
  origin: string;
  /** Creates the tables that are not there yet. Throws ConfigError when a stored one has other indexes than the template's. */
  create(tables: TableDefinition[]): Promise<void>;
  stop(): Promise<void>;
};

/** DynamoDB on LevelDB in this folder; what was written survives a kill of the host. Throws ConfigError when another host uses the folder. */
export async function startDatabase(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true });
  await requireUnused(folder);
  const marker = `${folder}.clean`;
  const wasKilled = !existsSync(marker);
  await rm(marker, { force: true });
  const server = dynalite({ path: folder, createTableMs: 0 });
  const allAnswered = trackAnswers(server);
  const origin = await listen(server);
  const client = new DynamoDBClient({ endpoint: origin, region, credentials });
  return {
    origin,
    async create(tables) {
      for (const table of tables) await createTable(client, table, folder);
      if (wasKilled) for (const table of tables) await mendIndexes(client, table);
    },
    async stop() {
      client.destroy();
      await allAnswered();
      await close(server);
      await writeFile(marker, '');
    },
  };
}

/**
 * What waits until nothing is worked on any more: dynalite breaks when its database closes in the midst of a request, and goes on
 * with one whose client was killed.
 */
function trackAnswers(server: Server): () => Promise<void> {
  const underWay = new Set<ServerResponse>();
  server.prependListener('request', (request, response) => {
    request.once('end', () => underWay.add(response));
    const { end } = response;
    response.end = ((...given: Parameters<typeof end>) => {
      underWay.delete(response);
      return end.apply(response, given);
    }) as typeof end;
  });
  return async () => {
    while (underWay.size > 0) await wait(10);
  };
}

/** dynalite itself breaks in the midst of the first request when LevelDB's lock is taken. */
async function requireUnused(folder: string) {
  const level = new Level(folder);
  try {
    await level.open();
    await level.close();
  } catch (error) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'LEVEL_LOCKED')) throw error;
    throw new ConfigError(`another host uses ${folder}: stop it, or name another folder as RINGBACK_DATA`, { cause });
  }
}

async function createTable(client: DynamoDBClient, table: TableDefinition, folder: string) {
  const stored = await describe(client, table.TableName);
  if (stored === undefined) {
    await client.send(new CreateTableCommand({ ...table, BillingMode: 'PAY_PER_REQUEST' }));
    await waitUntilTableExists(
      { client, minDelay: 0.02, maxDelay: 0.1, maxWaitTime: 5 },
      { TableName: table.TableName },
    );
  } else if (indexNames(stored) !== indexNames(table)) {
    throw new ConfigError(
      `${folder} was made by another version, with other indexes: move it away or name another one`,
    );
  }
}

/** dynalite writes what its indexes say of a row before the row, piece by piece: a kill in between leaves a row that no index names. */
async function mendIndexes(client: DynamoDBClient, { TableName, GlobalSecondaryIndexes = [] }: TableDefinition) {
  const keys = GlobalSecondaryIndexes.flatMap(({ KeySchema }) => KeySchema?.[0]?.AttributeName ?? []);
  if (keys.length === 0) return;
  const pages = paginateScan(
    { client },
    {
      TableName,
      FilterExpression: keys.map((_key, index) => `attribute_exists(#key${index})`).join(' OR '),
      ExpressionAttributeNames: Object.fromEntries(keys.map((key, index) => [`#key${index}`, key])),
    },
  );
  for await (const { Items = [] } of pages) {
    for (const Item of Items) await client.send(new PutItemCommand({ TableName, Item }));
  }
}

async function describe(client: DynamoDBClient, TableName: string): Promise<TableDescription | undefined> {
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName }));
    return Table;
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

function indexNames({ GlobalSecondaryIndexes = [] }: Pick<TableDescription, 'GlobalSecondaryIndexes'>): string {
  return GlobalSecondaryIndexes.map(({ IndexName }) => IndexName)
    .sort()
    .join();
}
