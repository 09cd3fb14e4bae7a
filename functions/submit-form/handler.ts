import { setTimeout as wait } from 'node:timers/promises';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { answerErrors } from '#shared/http/api.ts';
import { toRequest } from '#shared/http/incoming.ts';
import { send } from '#shared/http/send.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { createDynamoCounters } from '#shared/store/counters.ts';
import { createMadeUpKey } from '#shared/store/made-up-key.ts';
import { wire } from '#shared/wiring.ts';
import { answerRequest } from './answer-request.ts';
import { createVerifyCaptcha } from './captcha/verify-captcha.ts';
import { createRateLimit } from './rate-limit.ts';
import { createStamps } from './stamps.ts';

const env = parseEnvironment(environments['submit-form'], process.env);
const wired = wire(config, env);
const ports = {
  ...wired,
  wait,
  stamps: createStamps(wired),
  readIdKey: createMadeUpKey(wired, 'lead-id-key'),
  rateLimit: createRateLimit({ ...wired, counters: createDynamoCounters(wired.database, env.TABLE_NAME) }),
  verifyCaptcha: createVerifyCaptcha({
    ...wired,
    send,
    readSecret: createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, wired.clock),
    origins: env.CAPTCHA_ORIGINS,
  }),
};

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(wired.log))
  .handler((event) => answerRequest(toRequest(event), ports));
