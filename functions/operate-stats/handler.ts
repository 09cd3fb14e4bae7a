import { randomBytes } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { operatorToken, phoneKey } from '#shared/config/secrets.ts';
import { answerErrors } from '#shared/http/api.ts';
import { requireBearer } from '#shared/http/bearer.ts';
import { createLog } from '#shared/log.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { createSendPull } from '#shared/stats/pull-queue.ts';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createPullStore } from '#shared/store/pulls.ts';
import { createS3Client, createS3Objects } from '#shared/store/s3-objects.ts';
import { type OperateStatsPorts, operateStats } from './operate-stats.ts';

const env = parseEnvironment(environments['operate-stats'], process.env);
const clock = Date.now;
const newNonce = () => randomBytes(16).toString('hex');
const log = createLog(env.STACK, clock);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, clock);
const queueOf = (account: string) => env.PULL_QUEUE_URLS[config.accounts[account]?.provider ?? ''] ?? '';
const ports: OperateStatsPorts = {
  config,
  clock,
  pulls: createPullStore({ table: createDynamoTable(new DynamoDBClient({}), env.TABLE_NAME), clock, newNonce }),
  objects: createS3Objects(createS3Client(), env.BUCKET_NAME),
  sendPull: createSendPull(new SQSClient({}), queueOf),
  readKey: () => readSecret(phoneKey),
};

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(log))
  .handler(async ({ routeKey, headers, pathParameters, queryStringParameters, body, isBase64Encoded }) => {
    requireBearer(headers['authorization'], await readSecret(operatorToken));
    const text = Buffer.from(body ?? '', isBase64Encoded ? 'base64' : 'utf8').toString();
    return operateStats(
      { route: routeKey, path: pathParameters ?? {}, query: queryStringParameters ?? {}, body: text },
      ports,
    );
  });
