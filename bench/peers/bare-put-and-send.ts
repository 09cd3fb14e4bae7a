import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import { handler as put } from './bare-put.ts';

const client = new SQSClient({});

/** The least that stores a form and tells a queue of it: the two requests that an accepted lead needs. */
export async function handler(event: APIGatewayProxyEventV2) {
  const answer = await put(event);
  const MessageBody = JSON.stringify({ id: event.requestContext.requestId });
  await client.send(new SendMessageCommand({ QueueUrl: process.env['QUEUE_URL'], MessageBody }));
  return answer;
}
