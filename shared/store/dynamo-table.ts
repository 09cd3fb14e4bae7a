import {
  type AttributeValue,
  BatchGetItemCommand,
  type DynamoDBClient,
  DynamoDBServiceException,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { pack, unpack } from './pack.ts';
import { type IndexName, type IndexQuery, indexNames, type Row, type Table } from './table.ts';

type Item = Record<string, AttributeValue>;

/** The table on DynamoDB or on a service that speaks its protocol. */
export function createDynamoTable(client: DynamoDBClient, tableName: string): Table {
  const read = async (pk: string, ConsistentRead: boolean) => {
    const { Item } = await client.send(
      new GetItemCommand({ TableName: tableName, Key: { pk: { S: pk } }, ConsistentRead }),
    );
    return Item && fromItem(Item);
  };
  return {
    get: (pk) => read(pk, true),
    glance: (pk) => read(pk, false),

    async getMany(pks) {
      const rows: Row[] = [];
      let keys = pks.map((pk) => ({ pk: { S: pk } }));
      while (keys.length > 0) {
        const answer = await client.send(
          new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: keys, ConsistentRead: true } } }),
        );
        rows.push(...(answer.Responses?.[tableName] ?? []).map(fromItem));
        keys = (answer.UnprocessedKeys?.[tableName]?.Keys ?? []) as typeof keys;
      }
      return rows;
    },

    async put(row) {
      try {
        await client.send(
          new PutItemCommand({
            TableName: tableName,
            Item: toItem(row),
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
        if (error instanceof DynamoDBServiceException && error.name === 'ConditionalCheckFailedException') return false;
        throw error;
      }
    },

    async query(query) {
      const { Items = [] } = await client.send(new QueryCommand(toQuery(tableName, query)));
      return Items.map((item) => ({ pk: textOf(item, 'pk'), sort: textOf(item, `${query.index}Sort`) }));
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
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).map(([name, S]) => [name, { S }])),
    ScanIndexForward: order === 'ascending',
    Limit: limit,
  };
}

/** The greatest text, for all sorts in use, that is smaller than this one. */
function justBelow(text: string): string {
  const last = text.charCodeAt(text.length - 1);
  return `${text.slice(0, -1)}${String.fromCharCode(last - 1)}\uffff`;
}

/** The row as DynamoDB holds it. */
export function toItem({ pk, version, writer, value, expiresAt, ...row }: Row): Item {
  return {
    pk: { S: pk },
    version: { N: String(version) },
    writer: { S: writer },
    value: { B: pack(value) },
    ...(expiresAt === undefined ? {} : { ttl: { N: String(Math.ceil(expiresAt / 1000)) } }),
    ...toPlaces(row),
  };
}

/** What of a row its indexes are made of, besides its key. */
export function toPlaces(row: Pick<Row, IndexName>): Item {
  const places = indexNames.flatMap((index) => {
    const position = row[index];
    if (position === undefined) return [];
    return [
      [`${index}Partition`, { S: position.partition }],
      [`${index}Sort`, { S: position.sort }],
    ];
  });
  return Object.fromEntries(places);
}

function fromItem(item: Item): Row {
  const positions = indexNames.flatMap((index) => {
    if (item[`${index}Partition`] === undefined) return [];
    return [[index, { partition: textOf(item, `${index}Partition`), sort: textOf(item, `${index}Sort`) }]];
  });
  return {
    pk: textOf(item, 'pk'),
    version: Number(item['version']?.N),
    writer: textOf(item, 'writer'),
    value: unpack(item['value']?.B ?? new Uint8Array()),
    ...(item['ttl'] === undefined ? {} : { expiresAt: Number(item['ttl'].N) * 1000 }),
    ...Object.fromEntries(positions),
  };
}

function textOf(item: Item, name: string): string {
  return item[name]?.S ?? '';
}
