import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseConfig } from '#shared/config/load-config.ts';
import type { ConfigInput } from '#shared/config/schema.ts';
import { type Host, type HostOptions, readAssembly, startHost } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import type { LocalEnv } from '../../infra/local/provider-settings.ts';
import { synthesize } from '../../infra/synthesize.ts';

export type Deployment = {
  template: Template;
  /** Runs the stack, with this template instead of its own where one is given, and with more of an environment. */
  start(template?: Template, more?: LocalEnv): Promise<Host>;
  /** Stops every host and removes all data. */
  clean(): Promise<void>;
};

/** Synthesizes and bundles once, for hosts in this process, each with a data folder of its own. `env` as for `npm start`. */
export async function deploy(
  input: ConfigInput,
  env: LocalEnv = {},
  seen: Partial<Pick<HostOptions, 'log' | 'watch'>> = {},
): Promise<Deployment> {
  const config = parseConfig(input);
  const root = await mkdtemp(join(tmpdir(), 'ringback-end-to-end-'));
  const own = readAssembly(await synthesize(config, join(root, 'assembly')));
  const hosts: Host[] = [];
  return {
    template: own.template,
    async start(template = own.template, more = {}) {
      const dataFolder = await mkdtemp(join(root, 'data-'));
      const host = await startHost({
        config,
        synthesize: async () => ({ ...own, template }),
        dataFolder,
        port: 0,
        env: { ...env, ...more },
        log: () => undefined,
        ...seen,
      });
      hosts.push(host);
      return host;
    },
    async clean() {
      for (const host of hosts) await host.stop();
      await rm(root, { recursive: true });
    },
  };
}

type LeadAnswer = {
  state: string;
  phone: string;
  name: string | null;
  deliveries: { account: string; state: string; attempts: number; providerId: string | null }[];
};

/** A lead as the operator's API tells it. */
export async function readLead(origin: string, id: string): Promise<LeadAnswer> {
  const response = await fetch(`${origin}/api/leads/${id}`, { headers: { authorization: 'Bearer local' } });
  return (await response.json()) as LeadAnswer;
}

/** Sends a form as JSON; resolves with the id of its lead. */
export async function sendForm(
  origin: string,
  fields: Record<string, string>,
  headers: Record<string, string> = {},
  form = 'callback',
) {
  const response = await fetch(`${origin}/f/${form}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(fields),
  });
  const { id } = (await response.json()) as { id: string };
  return { status: response.status, id, replayed: response.headers.get('idempotency-replayed') };
}
