import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { type IndexQuery, indexNames, type Row, type Table } from './table.ts';

/** The table on DynamoDB or on a service that speaks its protocol. */
export function createDynamoTable(client: DynamoDBClient, tableName: string): Table {
  return {
    async get(pk) {
      const { Item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead: true }),
      );
      return Item && fromItem(unmarshall(Item));
    },

    async getMany(pks) {
      const rows: Row[] = [];
      let keys = pks.map((pk) => ({ pk: { S: pk } }));
      while (keys.length > 0) {
        const answer = await client.send(
          new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
        );
        rows.push(...(answer.Responses?.[tableName] ?? []).map((item) => fromItem(unmarshall(item))));
        keys = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof keys;
      }
      return rows;
    },

    async put(row) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            // The marshaller takes an object with a field named "constructor" for a class instance.
            Item: marshall(toItem(row), { removeUndefinedValues: true, convertClassInstanceToMap: true }),
            ...(row.version === 1
              ? { ConditionExpression: 'attribute_not_exists(pk)' }
              : {
                  ConditionExpression: '#version = :replaced',
                  ExpressionAttributeNames: { '#version': 'version' },
                  ExpressionAttributeValues: { ':replaced': { N: String(row.version - 1) } },
                }),
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },

    async query(query) {
      const { Items = [] } = await client.send(new QueryCommand(toQuery(tableName, query)));
      return Items.map((item) => unmarshall(item)).map((item) => ({
        pk: item['pk'],
        sort: item[`${query.index}Sort`],
      }));
    },
  };
}

function toQuery(tableName: string, { index, partition, from, before, order, limit }: IndexQuery) {
  const conditions = ['#partition = :partition'];
  const values: Record<string, string> = { ':partition': partition };
  // A key condition may name the sort key once, so both bounds together need BETWEEN, which includes its end.
  if (from !== undefined && before !== undefined) {
    conditions.push('#sort BETWEEN :from AND :before');
    Object.assign(values, { ':from': from, ':before': justBelow(before) });
  } else if (from !== undefined) {
    conditions.push('#sort >= :from');
    values[':from'] = from;
  } else if (before !== undefined) {
    conditions.push('#sort < :before');
    values[':before'] = before;
  }
  return {
    TableName: tableName,
    IndexName: index,
    KeyConditionExpression: conditions.join(' AND '),
    ExpressionAttributeNames: {
      '#partition': `${index}Partition`,
      ...(conditions.length > 1 ? { '#sort': `${index}Sort` } : {}),
    },
    ExpressionAttributeValues: marshall(values),
    ScanIndexForward: order === 'ascending',
    Limit: limit,
  };
}

/** The greatest text, for all sorts in use, that is smaller than this one. */
function justBelow(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return `${text.slice(0, -1)}${String.fromCharCode(last - 1)}\uffff`;
}

function toItem({ pk, version, writer, value, expiresAt, ...row }: Row) {
  const positions = indexNames.flatMap((index) => [
    [`${index}Partition`, row[index]?.partition],
    [`${index}Sort`, row[index]?.sort],
  ]);
  const ttl = expiresAt === undefined ? undefined : Math.ceil(expiresAt / 1000);
  return { pk, version, writer, value, ttl, ...Object.fromEntries(positions) };
}

function fromItem({ pk, version, writer, value, ttl, ...item }: Record<string, unknown>): Row {
  const positions = indexNames.flatMap((index) => {
    const partition = item[`${index}Partition`];
    return partition === undefined ? [] : [[index, { partition, sort: item[`${index}Sort`] }]];
  });
  const expiresAt = ttl === undefined ? {} : { expiresAt: Number(ttl) * 1000 };
  return { pk, version, writer, value, ...expiresAt, ...Object.fromEntries(positions) } as Row;
}
