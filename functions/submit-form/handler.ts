import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { answerErrors } from '#shared/http/api.ts';
import { toRequest } from '#shared/http/incoming.ts';
import { wire } from '#shared/wiring.ts';
import { answerRequest } from './answer-request.ts';

const env = parseEnvironment(environments['submit-form'], process.env);
const ports = wire(config, env);

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(ports.log))
  .handler((event) => answerRequest(toRequest(event), ports));
