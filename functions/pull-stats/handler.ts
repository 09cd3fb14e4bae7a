import { setTimeout as wait } from 'node:timers/promises';
import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import type { Context, SQSEvent } from 'aws-lambda';
import { compiledConfig as config } from '#shared/config/compiled.ts';
import { environments, parseEnvironment } from '#shared/config/environment.ts';
import { phoneKey, resolveSecrets } from '#shared/config/secrets.ts';
import { send } from '#shared/http/send.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { crashQuietly } from '#shared/quiet-crash.ts';
import { createReadSecret } from '#shared/secrets.ts';
import { createStatsExport } from '#shared/stats/export.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { createSendPull, pullMessageSchema } from '#shared/stats/pull-queue.ts';
import { createUnfinishedStore } from '#shared/stats/unfinished.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { createFundsStore } from '#shared/store/funds.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { createPullStore } from '#shared/store/pulls.ts';
import { createS3Client, createS3Objects } from '#shared/store/s3-objects.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { wire } from '#shared/wiring.ts';
import { maxListBytes, type PullPorts, pullStats } from './pull-stats.ts';
import { startPulls } from './start-pulls.ts';

const env = parseEnvironment(environments['pull-stats'], process.env);
const wired = wire(config, env);
const { clock } = wired;
const provider = providerNamed(env.PROVIDER);
const readSecret = createReadSecret(new SSMClient({}), env.SECRETS_PREFIX, clock);
const objects = createS3Objects(createS3Client(), env.BUCKET_NAME);
const pulls = createPullStore(wired);
const sendPull = createSendPull(new SQSClient({}), () => env.PULL_QUEUE_URL);
// A token holds for the address that asked for it: processes with addresses of their own would take it from each other.
const tokenTable = env.ONE_ADDRESS === 'true' ? wired.table : createMemoryTable();
const keyed = { ...wired, readKey: () => readSecret(phoneKey) };
const outcomes = createOutcomes({
  ...wired,
  callOwners: createCallOwners(wired),
  phones: createPhoneGuard(keyed),
});

const ports: PullPorts = {
  ...wired,
  provider,
  pulls,
  sendPull,
  join: outcomes.join,
  erasures: createErasureStore(wired),
  erasedPhones: createErasedPhones(keyed),
  unfinished: createUnfinishedStore({ ...wired, objects }),
  statsExport: createStatsExport({ ...wired, objects, bucket: env.BUCKET_NAME, formats: config.stats.formats }),
  connect: async (account, keep) =>
    provider.connect(await resolveSecrets(config.accounts[account] ?? {}, readSecret), {
      ...wired,
      wait,
      async send(request) {
        await keep();
        return send({ ...request, maxBytes: Math.min(request.maxBytes, maxListBytes) });
      },
      tokens: createTokenStore({ ...wired, table: tokenTable, wait }),
      pace: createPaceStore(wired),
      origin: env.PROVIDER_ORIGIN ?? '',
    }),
};

/** A message goes on with a pull; the schedule brings none. */
export const handler = crashQuietly(wired.log, async (event: Partial<SQSEvent>, context: Context): Promise<void> => {
  if (event.Records === undefined) return startPulls({ ...ports, funds: createFundsStore(wired) });
  for (const { body } of event.Records) {
    await pullStats(pullMessageSchema.parse(JSON.parse(body)), () => context.getRemainingTimeInMillis(), ports);
  }
});
