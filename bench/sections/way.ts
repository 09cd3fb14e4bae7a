import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { median, percentile } from '../harness/figures.ts';
import { type FormServer, startOutboxServer, startRingback } from '../harness/servers.ts';
import { type StubProvider, startStubProvider } from '../harness/stub-provider.ts';
import { phoneOf, typicalFields, typicalHeaders } from '../harness/typical.ts';

/** Milliseconds, accepted leads a second, and how many forms were not accepted. */
export type Accepting = { perSecond: number; p50: number; p99: number; failed: number };
/** Milliseconds from the start of the form's request until the provider has the order. */
export type Delivering = { p50: number; p99: number };
/** `delivering`: at 50 forms a second; `deliveringSlowly`: at 5. */
export type Way = { at1: Accepting; at32: Accepting; delivering: Delivering; deliveringSlowly: Delivering };

const acceptMs = 3_000;
const drainMs = 60_000;
const formsPerSecond = 50;
const fewPerSecond = 5;
const deliverSeconds = 6;
const rounds = 2;
const starters = { ringback: startRingback, outbox: startOutboxServer };
export type Server = keyof typeof starters;

/** The local host and the hand-written server by turns, each a process of its own in front of the same provider. */
export async function measureWay(): Promise<Record<Server, Way>> {
  const provider = await startStubProvider();
  const runs: Record<Server, Way[]> = { ringback: [], outbox: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const name of ['ringback', 'outbox'] as const) {
        const server = await starters[name](provider.origin);
        runs[name].push(await measureServer(server, provider));
        await server.stop();
      }
    }
  } finally {
    await provider.close();
  }
  return { ringback: medians(runs.ringback), outbox: medians(runs.outbox) };
}

async function measureServer(server: FormServer, provider: StubProvider): Promise<Way> {
  // Processes are started and code is compiled before anything counts.
  await accept(server, provider, 32, 2_000);
  const deliveringSlowly = await deliver(server, provider, fewPerSecond);
  const delivering = await deliver(server, provider, formsPerSecond);
  const at1 = await accept(server, provider, 1, acceptMs);
  const at32 = await accept(server, provider, 32, acceptMs);
  return { delivering, deliveringSlowly, at1, at32 };
}

let leads = 0;

/** As many forms as that many connections can send one after the other, and then time for them to be delivered. */
async function accept(server: FormServer, provider: StubProvider, connections: number, ms: number): Promise<Accepting> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const tookMs: number[] = [];
  const phones: string[] = [];
  let failed = 0;
  const until = performance.now() + ms;
  const connection = async () => {
    while (performance.now() < until) {
      const index = ++leads;
      const startedAt = performance.now();
      const isAccepted = await post(server, agent, index);
      if (!isAccepted) failed++;
      else {
        tookMs.push(performance.now() - startedAt);
        phones.push(phoneOf(index));
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  agent.destroy();
  await delivered(phones, provider);
  return { perSecond: tookMs.length / (ms / 1000), p50: median(tookMs), p99: percentile(tookMs, 0.99), failed };
}

/** Forms at a steady rate, whether or not those before were answered. */
async function deliver(server: FormServer, provider: StubProvider, perSecond: number): Promise<Delivering> {
  const agent = new Agent({ keepAlive: true });
  const sentAt = new Map<string, number>();
  const answers: Promise<boolean>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * deliverSeconds; index++) {
    await wait(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()));
    const lead = ++leads;
    sentAt.set(phoneOf(lead), performance.now());
    answers.push(post(server, agent, lead));
  }
  const isAccepted = await Promise.all(answers);
  if (isAccepted.includes(false)) throw new Error('a form at a steady rate was not accepted');
  agent.destroy();
  await delivered([...sentAt.keys()], provider);
  const took = [...sentAt].map(([phone, at]) => (provider.orderedAt.get(phone.slice(1)) ?? Number.NaN) - at);
  return { p50: median(took), p99: percentile(took, 0.99) };
}

async function delivered(phones: string[], { orderedAt }: StubProvider): Promise<void> {
  const deadline = performance.now() + drainMs;
  while (phones.some((phone) => !orderedAt.has(phone.slice(1)))) {
    if (performance.now() > deadline) throw new Error('not every lead reached the provider within a minute');
    await wait(50);
  }
}

/** Whether the form was accepted. */
function post({ origin }: FormServer, agent: Agent, index: number): Promise<boolean> {
  return new Promise((done, fail) => {
    const headers = typicalHeaders(`way-${index}`);
    const sent = request(`${origin}/f/callback`, { method: 'POST', agent, headers }, (response) => {
      response.resume().on('end', () => done(response.statusCode === 202));
    });
    sent.on('error', fail).end(JSON.stringify(typicalFields(index)));
  });
}

function medians(ways: Way[]): Way {
  const of = (pick: (way: Way) => number) => median(ways.map(pick));
  const accepting = (at: 'at1' | 'at32'): Accepting => ({
    perSecond: of((way) => way[at].perSecond),
    p50: of((way) => way[at].p50),
    p99: of((way) => way[at].p99),
    failed: of((way) => way[at].failed),
  });
  const delivering = (at: 'delivering' | 'deliveringSlowly'): Delivering => ({
    p50: of((way) => way[at].p50),
    p99: of((way) => way[at].p99),
  });
  return {
    at1: accepting('at1'),
    at32: accepting('at32'),
    delivering: delivering('delivering'),
    deliveringSlowly: delivering('deliveringSlowly'),
  };
}
