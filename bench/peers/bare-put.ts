import { DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';

const client = new DynamoDBClient({});

/** The least that stores a form: no check, no key, nobody told. */
export async function handler({ body, requestContext }: APIGatewayProxyEventV2) {
  const Item = { pk: { S: requestContext.requestId }, value: { S: body ?? '' } };
  await client.send(
    new PutItemCommand({
      TableName: process.env['TABLE_NAME'],
      Item,
      ConditionExpression: 'attribute_not_exists(pk)',
    }),
  );
  return { statusCode: 202 };
}
