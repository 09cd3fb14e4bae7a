import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import middy from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { answerErrors } from '#shared/http/api.ts';
import { requireBearer } from '#shared/http/bearer.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { createSendPull } from '#shared/stats/pull-queue.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { createFundsStore } from '#shared/store/funds.ts';
import { createKnownForms } from '#shared/store/known-forms.ts';
import { createPaceView } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { wire } from '#shared/wiring.ts';
import { type OperatePorts, operateLeads } from './operate-leads.ts';

const env = parseEnvironment(environments['operate-leads'], process.env);
const wired = wire(config, env);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, wired.clock);
const keyed = { ...wired, readKey: () => readSecret('phone-key') };
const queueOf = (account: string) => env.PULL_QUEUE_URLS[config.accounts[account]?.provider ?? ''] ?? '';
const ports: OperatePorts = {
  ...wired,
  breakers: createBreakerStore(wired),
  funds: createFundsStore(wired),
  pace: createPaceView(wired),
  knownForms: createKnownForms(wired),
  egressAddress: env.EGRESS_ADDRESS,
  phones: createPhoneGuard(keyed),
  callOwners: createCallOwners(wired),
  erasedPhones: createErasedPhones(keyed),
  erasures: createErasureStore(wired),
  sendPull: createSendPull(new SQSClient({}), queueOf),
};

export const handler = middy<APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2>()
  .use(answerErrors(wired.log))
  .handler(async ({ routeKey, headers, pathParameters, queryStringParameters }) => {
    requireBearer(headers['authorization'], await readSecret('operator-token'));
    return operateLeads(
      { route: routeKey, path: pathParameters ?? {}, query: queryStringParameters ?? {}, accept: headers['accept'] },
      ports,
    );
  });
