import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import { bundleFunctions } from '../../infra/bundle.ts';
import { startSimulatedProviders } from '../../infra/local/simulated-providers.ts';
import { bundlePeers } from './bundle-peers.ts';
import { createRunBundle } from './run-bundle.ts';
import { startStubAws } from './stub-aws.ts';
import { typical } from './typical.ts';

export const functionNames = Object.keys(environments) as FunctionName[];

/** All bundles, and around them what a function talks to, on the loopback and outside the measured process. */
export async function createFunctionsWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bench-'));
  const bundles = await bundleFunctions(functionNames, typical, folder);
  const peers = await bundlePeers(join(folder, 'peers'));
  const stub = await startStubAws();
  const [provider] = await startSimulatedProviders(typical, {}, join(folder, 'simulators'), Date.now);
  if (provider === undefined) throw new Error('the provider is not simulated');
  const file = (name: FunctionName) => join(bundles[name], 'index.mjs');
  return {
    files: {
      ...(Object.fromEntries(functionNames.map((name) => [name, file(name)])) as Record<FunctionName, string>),
      ...peers,
    },
    stub,
    env: environment(stub.origin, provider.origin),
    runBundle: await createRunBundle(folder),
    async close() {
      await provider.stop();
      await stub.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type FunctionsWorld = Awaited<ReturnType<typeof createFunctionsWorld>>;

/** The variables of every function at once, and those of the textbook's. */
function environment(stub: string, provider: string): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'measured',
    AWS_ENDPOINT_URL: stub,
    TZ: ':UTC',
    STACK: 'ringback-bench',
    TABLE_NAME: 'leads',
    QUEUE_URLS: JSON.stringify({ callkeeper: `${stub}/000000000000/callkeeper` }),
    SECRETS_PREFIX: '/ringback/bench/',
    CAPTCHA_ORIGINS: JSON.stringify({ turnstile: stub, smartcaptcha: stub }),
    PROVIDER: 'callkeeper',
    PROVIDER_ORIGIN: provider,
    ONE_ADDRESS: 'true',
    ALLOW_PRIVATE_ADDRESSES: 'true',
    BUCKET_NAME: 'stats',
    PULL_QUEUE_URL: `${stub}/000000000000/pulls`,
    PULL_QUEUE_URLS: JSON.stringify({ callkeeper: `${stub}/000000000000/pulls` }),
    IDEMPOTENCY_TABLE: 'idempotency',
    QUEUE_URL: `${stub}/000000000000/textbook`,
    POWERTOOLS_TRACE_ENABLED: 'false',
  };
}
