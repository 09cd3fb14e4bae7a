import { setTimeout as wait } from 'node:timers/promises';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { phoneKey, resolveSecrets } from '#shared/config/secrets.ts';
import { traceOf } from '#shared/errors.ts';
import { loadFetch, send } from '#shared/http/send.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { nudgeSchema } from '#shared/queue.ts';
import { crashQuietly } from '#shared/quiet-crash.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { adoptReports } from '#shared/stats/adopt-reports.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { wire } from '#shared/wiring.ts';
import { forwardBatch } from './forward-batch.ts';
import type { ForwardPorts } from './forward-lead.ts';
import { reportPoints } from './report-points.ts';

loadFetch();
const env = parseEnvironment(environments['forward-lead'], process.env);
const wired = wire(config, env);
const { clock, log } = wired;
const provider = providerNamed(env.PROVIDER);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, clock);
// A token holds for the address that asked for it: processes with addresses of their own would take it from each other.
const tokenTable = env.ONE_ADDRESS === 'true' ? wired.table : createMemoryTable();
const callOwners = createCallOwners(wired);
const phones = createPhoneGuard({ ...wired, readKey: () => readSecret(phoneKey) });
const outcomes = createOutcomes({ ...wired, callOwners, phones });

const ports: ForwardPorts = {
  ...wired,
  provider: provider.name,
  callOwners: adoptReports(callOwners, outcomes, log),
  phones,
  breakers: createBreakerStore(wired),
  connect: async (account) =>
    provider.connect(await resolveSecrets(config.accounts[account] ?? {}, readSecret), {
      ...wired,
      send,
      wait,
      tokens: createTokenStore({ ...wired, table: tokenTable, wait }),
      pace: reportPoints(createPaceStore(wired), log),
      origin: env.PROVIDER_ORIGIN ?? '',
      allowLoopback: env.ALLOW_LOOPBACK === 'true',
    }),
};

/** Those that crash come back, and end in the dead-letter queue. */
export const handler = crashQuietly(log, async ({ Records }: SQSEvent, context: Context): Promise<SQSBatchResponse> => {
  const nudges = Records.map(({ body }) => nudgeSchema.parse(JSON.parse(body)));
  const results = await forwardBatch(nudges, () => context.getRemainingTimeInMillis(), { ...ports, wait });
  const batchItemFailures = results.flatMap((result, index) => {
    if (result.status === 'fulfilled') return [];
    const { messageId = '' } = Records[index] ?? {};
    log('delivery crashed', { message: messageId, error: traceOf(result.reason) });
    return [{ itemIdentifier: messageId }];
  });
  return { batchItemFailures };
});
