import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { SQSEvent } from 'aws-lambda';

const client = new DynamoDBClient({});
const { TABLE_NAME: TableName, PROVIDER_ORIGIN } = process.env;

/** The least that rings once for what bare-put-and-send stored. What a kill cuts off after the claim is rung by nobody. */
export async function handler({ Records }: SQSEvent) {
  for (const { body } of Records) await forward(JSON.parse(body).id);
}

async function forward(id: string) {
  const { Item } = await client.send(new GetItemCommand({ TableName, Key: { pk: { S: id } }, ConsistentRead: true }));
  const claim = { pk: { S: `claim#${id}` } };
  await client.send(new PutItemCommand({ TableName, Item: claim, ConditionExpression: 'attribute_not_exists(pk)' }));
  const outcome = await order(JSON.parse(Item?.['value']?.S ?? ''));
  await client.send(new PutItemCommand({ TableName, Item: { ...claim, outcome: { S: outcome } } }));
}

async function order({ phone, name, comment }: Record<'phone' | 'name' | 'comment', string>): Promise<string> {
  const body = new URLSearchParams({ client: phone.replace('+', ''), text_to_manager: `${name}: ${comment}` });
  const response = await fetch(`${PROVIDER_ORIGIN}/orderCall`, { method: 'POST', body });
  if (!response.ok) throw new Error(`the provider answered with ${response.status}`);
  return response.text();
}
