import { setTimeout as wait } from 'node:timers/promises';
import type { Host } from '../../infra/local/host.ts';
import type { Template } from '../../infra/local/intrinsics.ts';
import { type Deployment, deploy } from '../../test/end-to-end/local-host.ts';
import { type Counts, createCounter } from '../cost/count.ts';
import { longerFields, typicalConfig, typicalFields, typicalHeaders } from '../harness/typical.ts';

/** What one lead asked of AWS. `queueRequests`: sent by functions, received and deleted by Lambda's poller. */
export type Requests = {
  writeUnits: number;
  readUnits: number;
  queueRequests: number;
  invocations: number;
  /** By which the table has grown, all rows together. */
  storedBytes: number;
  /** Of the lead as it was accepted, as JSON. */
  leadBytes: number;
  /** Of the largest row that the lead was: a write is billed by the kilobyte. */
  largestRow: number;
  /** Of the functions' own time; the provider answered at once. */
  gbSeconds: number;
  /** Memory of the function that waits for the provider. */
  forwarderGb: number;
  logBytes: number;
};

const scenarios = [
  'one delivery',
  'a longer form',
  'three deliveries',
  'a duplicate',
  'a retry',
  'a reconciliation',
] as const;
export type Scenario = (typeof scenarios)[number];

const copies = {
  one: { provider: 'calltouch', siteId: 18990 },
  two: { provider: 'calltouch', siteId: 18991 },
} as const;
/** How a form of several deliveries is made from the typical one. */
const config = typicalConfig(copies);
const forms = { ...config.forms, three: { ...config.forms.callback, track: ['one', 'two'] } };

/** Sends a lead of each kind through the local host, whose functions talk to the embedded services through a counter. */
export async function countRequests(): Promise<Record<Scenario, Requests>> {
  const counter = createCounter();
  const lines: string[] = [];
  const log = (line: string) => {
    lines.push(line);
    counter.log(line);
  };
  const deployment = await deploy({ ...config, forms }, {}, { watch: counter.watch, log });
  try {
    const host = await startWithoutSchedules(deployment);
    // A process's first lead asks for secrets and the like, which the others find in its memory.
    await settle(lines, await send(host, 'warm', 'callback'), 1);
    await settle(lines, await send(host, 'warm-three', 'three'), 3);
    const count = async (key: string, form = 'callback', deliveries = 1, more = {}) => {
      counter.reset();
      await settle(lines, await send(host, key, form, more), deliveries);
      return toRequests(counter.counts(), deployment.template);
    };
    const provider = host.simulatedProviders.find(({ simulator }) => simulator.provider === 'callkeeper');
    const ones = [];
    for (let index = 0; index < timedLeads; index++) ones.push(await count(`one-${index}`));
    const [one] = ones.toSorted((a, b) => a.gbSeconds - b.gbSeconds).slice(timedLeads / 2);
    if (one === undefined) throw new Error('no lead was counted');
    const longer = await count('longer', 'callback', 1, longerFields);
    const three = await count('three', 'three', 3);
    const duplicate = await count('one-0');
    provider?.order('too-many');
    const retry = await count('retry');
    provider?.order('reset-after');
    const reconciliation = await count('reconciliation');
    return {
      'one delivery': one,
      'a longer form': longer,
      'three deliveries': three,
      'a duplicate': duplicate,
      'a retry': retry,
      'a reconciliation': reconciliation,
    };
  } finally {
    await deployment.clean();
    await counter.close();
  }
}

/** The sweeper's and the pulls' requests are not a lead's. */
function startWithoutSchedules({ template, start }: Deployment): Promise<Host> {
  const Resources = Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::Scheduler::Schedule');
  return start({ ...template, Resources: Object.fromEntries(Resources) });
}

/** Requests are the same for each; times are not. */
const timedLeads = 7;

let sent = 0;

/** Each key has a phone of its own. */
const indexes = new Map<string, number>();

async function send({ url }: Host, key: string, form: string, more: Record<string, string> = {}): Promise<string> {
  const index = indexes.get(key) ?? ++sent;
  indexes.set(key, index);
  const body = JSON.stringify({ ...typicalFields(index), ...more });
  const response = await fetch(`${url}/f/${form}`, { method: 'POST', headers: typicalHeaders(key), body });
  const { id } = (await response.json()) as { id?: string };
  if (id === undefined) throw new Error(`the form was answered with ${response.status}`);
  return id;
}

/** The typical form's rate limit has windows of a second, and visitors have addresses of their own: here they come a window apart. */
const apartMs = 1_000;

/** Waits until the log tells that so many deliveries of the lead are placed, and then for what may still be under way. */
async function settle(lines: readonly string[], id: string, deliveries: number): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (lines.filter((line) => line.includes(`"${id}"`) && line.includes('"PLACED"')).length < deliveries) {
    if (Date.now() > deadline) throw new Error(`the lead ${id} was not delivered within a minute`);
    await wait(100);
  }
  await wait(apartMs);
}

function toRequests(counts: Counts, template: Template): Requests {
  const { writeUnits, readUnits, sends, functions, itemBytes: storedBytes, leadBytes, largestRow, logBytes } = counts;
  const own = Object.entries(functions).filter(([name]) => /^(submitform|forwardlead)/.test(name));
  const gbSeconds = own.reduce((sum, [name, { ms }]) => sum + (ms / 1000) * memoryGb(template, name), 0);
  const invocations = (of: typeof own) => of.reduce((sum, [, { invocations: count }]) => sum + count, 0);
  const forwarded = invocations(own.filter(([name]) => name.startsWith('forwardlead')));
  const [forwarder = ''] = Object.keys(template.Resources).filter(
    (name) => name.startsWith('forwardlead') && template.Resources[name]?.Type === 'AWS::Lambda::Function',
  );
  const forwarderGb = memoryGb(template, forwarder);
  const requests = { writeUnits, readUnits, queueRequests: sends + 2 * forwarded, invocations: invocations(own) };
  return { ...requests, storedBytes, leadBytes, largestRow, gbSeconds, forwarderGb, logBytes };
}

function memoryGb({ Resources }: Template, name: string): number {
  return Number(Resources[name]?.Properties['MemorySize']) / 1024;
}
