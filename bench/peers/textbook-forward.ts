import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Tracer } from '@aws-lambda-powertools/tracer';
import { captureLambdaHandler } from '@aws-lambda-powertools/tracer/middleware';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import middy from '@middy/core';
import type { SQSEvent } from 'aws-lambda';
// biome-ignore lint/style/noRestrictedImports: as tutorials import it
import { z } from 'zod';

const logger = new Logger({ serviceName: 'textbook' });
const tracer = new Tracer({ serviceName: 'textbook' });
const documents = DynamoDBDocumentClient.from(tracer.captureAWSv3Client(new DynamoDBClient({})));
const { TABLE_NAME: TableName = '', IDEMPOTENCY_TABLE: tableName = '', PROVIDER_ORIGIN = '' } = process.env;

const messageSchema = z.object({ id: z.string() });
const leadSchema = z.object({ pk: z.string(), phone: z.string(), name: z.string(), comment: z.string() }).loose();
const answerSchema = z.array(z.object({ id: z.string(), status: z.string() }));

const config = new IdempotencyConfig({ eventKeyJmesPath: 'pk' });
const order = makeIdempotent(
  async ({ phone, name, comment }: z.infer<typeof leadSchema>) => {
    const body = new URLSearchParams({ client: phone.replace('+', ''), text_to_manager: `${name}: ${comment}` });
    const response = await fetch(`${PROVIDER_ORIGIN}/orderCall`, { method: 'POST', body });
    if (!response.ok) throw new Error(`the provider answered with ${response.status}`);
    return answerSchema.parse(await response.json());
  },
  { persistenceStore: new DynamoDBPersistenceLayer({ tableName }), config },
);

/** What textbook.ts stored, ordered as the documentation of its parts teaches it. After a crash in the middle it may ring twice. */
export const handler = middy<SQSEvent>()
  .use(injectLambdaContext(logger))
  .use(captureLambdaHandler(tracer))
  .handler(async ({ Records }, context) => {
    config.registerLambdaContext(context);
    for (const { body } of Records) {
      const { id } = messageSchema.parse(JSON.parse(body));
      const { Item } = await documents.send(new GetCommand({ TableName, Key: { pk: id }, ConsistentRead: true }));
      const lead = leadSchema.parse(Item);
      const [placed] = await order(lead);
      await documents.send(new PutCommand({ TableName, Item: { ...lead, placed } }));
      logger.info('lead forwarded', { id });
    }
  });
