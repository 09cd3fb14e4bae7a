import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { parseConfig } from '#shared/config/load-config.ts';
import { type Assembly, type Host, readAssembly, startHost } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import { synthesize } from '../../infra/synthesize.ts';
import { type Counts, createCounter } from './count.ts';

/** The florist of ringback.config.ts: a call by CallKeeper, a copy to Calltouch. */
const config = parseConfig({
  accounts: {
    callkeeper: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'callkeeper-apiak' } },
    calltouch: { provider: 'calltouch', siteId: 18990, apiToken: { secret: 'calltouch-token' } },
  },
  forms: {
    callback: { name: 'Call me back', origins: ['https://acme.example'], call: ['callkeeper'], track: ['calltouch'] },
  },
});

const isSchedule = (type: string) => type === 'AWS::Scheduler::Schedule';
/** The schedules run ten seconds after the start, and a pull is done well before this. */
const scheduledMs = 45_000;

export type Measured = {
  leads: number;
  /** All that the leads took from the form to the call and the copy. */
  delivery: Counts;
  /** A run of everything that is scheduled, with calls that were not pulled before, and one with those and one more. */
  firstPull: Counts;
  nextPull: Counts;
  /** Counted in the template. */
  template: Template;
};

/** Sends so many leads through the local host, then lets the schedules run over them twice. */
export async function measure(leads: number): Promise<Measured> {
  const root = await mkdtemp(join(tmpdir(), 'ringback-cost-'));
  const counter = createCounter();
  const assembly = readAssembly(await synthesize(config, join(root, 'assembly')));
  const start = (template: Template) =>
    startHost({
      config,
      synthesize: async (): Promise<Assembly> => ({ ...assembly, template }),
      dataFolder: join(root, 'data'),
      port: 0,
      env: {},
      log: counter.log,
      watch: counter.watch,
    });
  const during = async (template: Template, work: (host: Host) => Promise<unknown>) => {
    const host = await start(template);
    counter.reset();
    await work(host);
    const counts = counter.counts();
    await host.stop();
    return counts;
  };
  const withoutSchedules = withoutBatches({
    ...assembly.template,
    Resources: Object.fromEntries(
      Object.entries(assembly.template.Resources).filter(([, { Type }]) => !isSchedule(Type)),
    ),
  });
  try {
    const delivery = await during(withoutSchedules, (host) => sendLeads(host, 0, leads));
    const firstPull = await during(assembly.template, () => wait(scheduledMs));
    await during(withoutSchedules, (host) => sendLeads(host, leads, 1));
    const nextPull = await during(assembly.template, () => wait(scheduledMs));
    return { leads, delivery, firstPull, nextPull, template: assembly.template };
  } finally {
    await counter.close();
    await rm(root, { recursive: true });
  }
}

/** At the volumes of the table leads seldom come together, so that each message is taken by itself. */
function withoutBatches(template: Template): Template {
  const Resources = Object.entries(template.Resources).map(([id, resource]) => {
    if (resource.Type !== 'AWS::Lambda::EventSourceMapping') return [id, resource];
    const { MaximumBatchingWindowInSeconds: _, ...others } = resource.Properties;
    return [id, { ...resource, Properties: { ...others, BatchSize: 1 } }];
  });
  return { ...template, Resources: Object.fromEntries(Resources) };
}

/** One after the other, as they come on most sites, until all are delivered. */
async function sendLeads({ url, simulatedProviders }: Host, first: number, count: number): Promise<void> {
  const calls = () => simulatedProviders.flatMap(({ simulator }) => simulator.calls()).length;
  const before = calls();
  for (let index = first; index < first + count; index++) {
    const phone = `+7916${String(index).padStart(7, '0')}`;
    const body = JSON.stringify({ phone, name: 'A visitor', comment: 'Please call me', utm_source: 'newsletter' });
    const headers = { 'content-type': 'application/json', 'idempotency-key': `cost-${index}` };
    const response = await fetch(`${url}/f/callback`, { method: 'POST', headers, body });
    if (response.status !== 202) throw new Error(`the form was answered with ${response.status}`);
    await wait(150);
  }
  const deadline = Date.now() + 60_000;
  while (calls() - before < count) {
    if (Date.now() > deadline) throw new Error('not every lead was called within a minute');
    await wait(200);
  }
  // The copies, and what is written after a call.
  await wait(5_000);
}
