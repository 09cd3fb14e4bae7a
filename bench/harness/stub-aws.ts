import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { basename } from 'node:path';
import { text } from 'node:stream/consumers';
import { listen } from '../../test/support/listen.ts';

type Item = Record<string, { S?: string; N?: string }>;
/** What the actions below are asked, all in one. */
type Asked = {
  Item: Item;
  Key: Item;
  RequestItems: Record<string, { Keys: Item[] }>;
  ConditionExpression?: string;
  ExpressionAttributeValues?: Item;
  QueueUrl: string;
  MessageBody: string;
  Name: string;
};
type Answer = { status?: number; body: object };

/** What every parameter holds. */
export const stubbedSecret = 'a-secret';

/**
 * As little of DynamoDB, SQS and SSM as a lead needs, behind one origin, so that what is measured is the function. Items are kept by
 * `pk`, messages by the name of their queue, and requests are counted. What nobody here asks for is answered with 400.
 */
export async function startStubAws() {
  const items = new Map<string, Item>();
  const queues: Record<string, string[]> = {};
  let requests = 0;

  const actions: Record<string, (asked: Asked) => Answer> = {
    PutItem: ({ Item, ConditionExpression, ExpressionAttributeValues }) => {
      const key = keyOf(Item);
      const known = items.get(key);
      const replaced = ExpressionAttributeValues?.[':replaced']?.N;
      const isTaken = ConditionExpression === 'attribute_not_exists(pk)' && known !== undefined;
      const isOutdated = replaced !== undefined && known?.['version']?.N !== replaced;
      if (isTaken || isOutdated) return { status: 400, body: { __type: 'ConditionalCheckFailedException' } };
      items.set(key, Item);
      return { body: {} };
    },
    UpdateItem: () => ({ body: { Attributes: { count: { N: '1' } } } }),
    GetItem: ({ Key }) => ({ body: { Item: items.get(keyOf(Key)) } }),
    BatchGetItem: ({ RequestItems }) => {
      const found = ({ Keys }: { Keys: Item[] }) => Keys.flatMap((key) => items.get(keyOf(key)) ?? []);
      const Responses = Object.entries(RequestItems).map(([table, asked]) => [table, found(asked)]);
      return { body: { Responses: Object.fromEntries(Responses) } };
    },
    Query: () => ({ body: { Items: [], Count: 0 } }),
    SendMessage: ({ QueueUrl, MessageBody }) => {
      const queue = basename(QueueUrl);
      queues[queue] ??= [];
      queues[queue].push(MessageBody);
      const MD5OfMessageBody = createHash('md5').update(MessageBody).digest('hex');
      return { body: { MessageId: String(requests), MD5OfMessageBody } };
    },
    GetParameter: ({ Name }) => ({
      body: { Parameter: { Name, Type: 'SecureString', Value: stubbedSecret, Version: 1 } },
    }),
  };

  const server = createServer(async (request, response) => {
    requests++;
    const asked = await text(request);
    const action = String(request.headers['x-amz-target']).replace(/^.*\./, '');
    const unknown: Answer = { status: 400, body: { __type: 'UnknownOperationException' } };
    const { status = 200, body } = actions[action]?.(JSON.parse(asked)) ?? unknown;
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
  });
  const { origin, close } = await listen(server);
  return {
    origin,
    /** Takes the oldest message of a queue. */
    receive: (queue: string) => queues[queue]?.shift(),
    close,
    requests: () => requests,
  };
}

export type StubAws = Awaited<ReturnType<typeof startStubAws>>;

function keyOf(item: Item): string {
  return item['pk']?.S ?? item['id']?.S ?? '';
}
