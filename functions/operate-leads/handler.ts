import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { operatorToken } from '#shared/config/secrets.ts';
import { answerErrors, jsonAnswer } from '#shared/http/api.ts';
import { requireBearer } from '#shared/http/bearer.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { wire } from '#shared/wiring.ts';
import { operateLeads } from './operate-leads.ts';

const env = parseEnvironment(environments['operate-leads'], process.env);
const ports = wire(config, env);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, ports.clock);

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(ports.log))
  .handler(async (event) => {
    requireBearer(event.headers['authorization'], await readSecret(operatorToken));
    const { pathParameters = {}, queryStringParameters = {} } = event;
    return jsonAnswer(200, await operateLeads({ id: pathParameters['id'], query: queryStringParameters }, ports));
  });
