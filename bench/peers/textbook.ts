import { IdempotencyConfig } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { makeHandlerIdempotent } from '@aws-lambda-powertools/idempotency/middleware';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
// biome-ignore lint/style/noRestrictedImports: as tutorials import it
import { z } from 'zod';

const logger = new Logger({ serviceName: 'textbook' });
const tracer = new Tracer({ serviceName: 'textbook' });
const database = tracer.captureAWSv3Client(new DynamoDBClient({}));
const documents = DynamoDBDocumentClient.from(database);
const queue = tracer.captureAWSv3Client(new SQSClient({}));
const { TABLE_NAME: TableName = '', IDEMPOTENCY_TABLE: tableName = '', QUEUE_URL: QueueUrl = '' } = process.env;

const formSchema = z.object({ phone: z.string().regex(/^\+\d{10,15}$/), name: z.string() }).loose();

/** A form taken as the documentation of its parts teaches it: checked, stored, handed on, idempotent by its key. */
export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(injectLambdaContext(logger))
  .use(captureLambdaHandler(tracer))
  .use(
    makeHandlerIdempotent({
      persistenceStore: new DynamoDBPersistenceLayer({ tableName }),
      config: new IdempotencyConfig({ eventKeyJmesPath: 'headers."idempotency-key"' }),
    }),
  )
  .handler(async ({ body, requestContext }) => {
    const form = formSchema.parse(JSON.parse(body ?? ''));
    const id = requestContext.requestId;
    await documents.send(new PutCommand({ TableName, Item: { pk: id, ...form } }));
    await queue.send(new SendMessageCommand({ QueueUrl, MessageBody: JSON.stringify({ id }) }));
    logger.info('lead accepted', { id });
    return { statusCode: 202, body: JSON.stringify({ ok: true, id }) };
  });
