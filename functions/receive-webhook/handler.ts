import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { phoneKey } from '#shared/config/secrets.ts';
import { answerErrors, jsonAnswer } from '#shared/http/api.ts';
import { toRequest } from '#shared/http/incoming.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { wire } from '#shared/wiring.ts';
import { receiveWebhook, type WebhookPorts } from './receive-webhook.ts';

const env = parseEnvironment(environments['receive-webhook'], process.env);
const wired = wire(config, env);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, wired.clock);
const readKey = () => readSecret(phoneKey);
const callOwners = createCallOwners(wired);
const phones = createPhoneGuard({ ...wired, readKey });
const ports: WebhookPorts = { ...wired, readKey, outcomes: createOutcomes({ ...wired, callOwners, phones }) };

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(wired.log))
  .handler(async (event) => jsonAnswer(200, await receiveWebhook(toRequest(event), ports)));
