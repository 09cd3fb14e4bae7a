import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environments, type FunctionName } from '#shared/config/environment.ts';
import { bundleFunctions } from '../../infra/bundle.ts';
import { bundlePeers } from './bundle-peers.ts';
import { acceptors, type Measurable } from './function-events.ts';
import { createRunBundle, type Events } from './run-bundle.ts';
import { startStubAws } from './stub-aws.ts';
import { startStubProvider } from './stub-provider.ts';
import { typical } from './typical.ts';

export const functionNames = Object.keys(environments) as FunctionName[];

/** All bundles, and around them what a function talks to, on the loopback and outside the measured process. */
export async function createFunctionsWorld() {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bench-'));
  const bundles = await bundleFunctions(functionNames, typical, folder);
  const peers = await bundlePeers(join(folder, 'peers'));
  const stub = await startStubAws();
  const provider = await startStubProvider();
  const runBundle = await createRunBundle(folder);
  const file = (name: FunctionName) => join(bundles[name], 'index.cjs');
  const own = Object.fromEntries(functionNames.map((name) => [name, file(name)])) as Record<FunctionName, string>;
  const files: Record<Measurable, string> = { ...own, ...peers };
  return {
    files,
    stub,
    /** Runs a bundle in front of this stub, or with another table than the stub's. Rejects when a lead that it forwarded did not reach the provider. */
    async run(name: Measurable, events: Events, services: { origin: string; database?: string } = stub) {
      const { origin, database = origin } = services;
      const before = provider.orderedAt.size;
      const env = { ...environment(name, origin, provider.origin), AWS_ENDPOINT_URL_DYNAMODB: database };
      const result = await runBundle(files[name], env, events);
      const wanted = acceptors[name] ? countOf(events) : 0;
      const ordered = provider.orderedAt.size - before;
      if (ordered !== wanted) throw new Error(`${ordered} of ${wanted} leads reached the provider`);
      return result;
    },
    async close() {
      await provider.close();
      await stub.close();
      await rm(folder, { recursive: true });
    },
  };
}

export type FunctionsWorld = Awaited<ReturnType<typeof createFunctionsWorld>>;

function countOf({ warmUp, measured, allocating }: Events): number {
  return 1 + warmUp.length + measured.length + allocating.length;
}

/** The variables of every function at once, and those of the peers. */
function environment(name: Measurable, stub: string, provider: string): Record<string, string> {
  return {
    AWS_REGION: 'eu-central-1',
    AWS_ACCESS_KEY_ID: 'bench',
    AWS_SECRET_ACCESS_KEY: 'bench',
    AWS_LAMBDA_FUNCTION_NAME: 'measured',
    AWS_ENDPOINT_URL: stub,
    TZ: ':UTC',
    STACK: 'ringback-bench',
    TABLE_NAME: 'leads',
    QUEUE_URLS: JSON.stringify({ callkeeper: `${stub}/000000000000/submit-form` }),
    SECRETS_PREFIX: '/ringback/bench/',
    CAPTCHA_ORIGINS: JSON.stringify({ turnstile: stub, smartcaptcha: stub }),
    PROVIDER: 'callkeeper',
    PROVIDER_ORIGIN: provider,
    ONE_ADDRESS: 'true',
    ALLOW_LOOPBACK: 'true',
    BUCKET_NAME: 'stats',
    PULL_QUEUE_URL: `${stub}/000000000000/pulls`,
    PULL_QUEUE_URLS: JSON.stringify({ callkeeper: `${stub}/000000000000/pulls` }),
    IDEMPOTENCY_TABLE: 'idempotency',
    QUEUE_URL: `${stub}/000000000000/${name}`,
    POWERTOOLS_TRACE_ENABLED: 'false',
  };
}
