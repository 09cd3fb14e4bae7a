import { Agent, request } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import type { FormServer } from '../harness/servers.ts';
import type { StubProvider } from '../harness/stub-provider.ts';
import { phoneOf, typicalFields, typicalHeaders } from '../harness/typical.ts';

/** What one load took, of each form in milliseconds, and in seconds until the last was answered; and how many forms were not accepted or have not reached the provider. */
export type Load = { tookMs: number[]; seconds: number; failed: number };

const answerMs = 30_000;
const drainMs = 60_000;

let leads = 0;

/** As many forms as that many connections can send one after the other, each until it is accepted; and then time for all to be delivered. */
export async function acceptForms(
  server: FormServer,
  provider: StubProvider,
  connections: number,
  seconds: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const took = new Map<string, number>();
  let refused = 0;
  const startedAt = performance.now();
  const until = startedAt + seconds * 1000;
  const connection = async () => {
    while (performance.now() < until) {
      const lead = ++leads;
      const sentAt = performance.now();
      const isAccepted = await post(server, agent, lead);
      if (isAccepted) took.set(phoneOf(lead), performance.now() - sentAt);
      else refused++;
    }
  };
  await Promise.all(Array.from({ length: connections }, connection));
  const tookSeconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const lost = await undelivered([...took.keys()], provider);
  return { tookMs: [...took.values()], seconds: tookSeconds, failed: refused + lost };
}

/** Forms at a steady rate, whether or not those before were answered, each until the provider has its order. */
export async function deliverForms(
  server: FormServer,
  provider: StubProvider,
  perSecond: number,
  seconds: number,
): Promise<Load> {
  const agent = new Agent({ keepAlive: true });
  const sentAt = new Map<string, number>();
  const answers: Promise<boolean>[] = [];
  const startedAt = performance.now();
  for (let index = 0; index < perSecond * seconds; index++) {
    await wait(Math.max(0, startedAt + (index * 1000) / perSecond - performance.now()));
    const lead = ++leads;
    sentAt.set(phoneOf(lead), performance.now());
    answers.push(post(server, agent, lead));
  }
  const isAccepted = await Promise.all(answers);
  const tookSeconds = (performance.now() - startedAt) / 1000;
  agent.destroy();
  const accepted = [...sentAt].filter((_, index) => isAccepted[index]);
  const lost = await undelivered(
    accepted.map(([phone]) => phone),
    provider,
  );
  const tookMs = accepted.flatMap(([phone, at]) => {
    const ordered = orderedAt(phone, provider);
    return ordered === undefined ? [] : ordered - at;
  });
  return { tookMs, seconds: tookSeconds, failed: sentAt.size - accepted.length + lost };
}

/** How many of these leads have not reached the provider within a minute; earlier when all have. */
async function undelivered(phones: string[], provider: StubProvider): Promise<number> {
  const deadline = performance.now() + drainMs;
  const missing = () => phones.filter((phone) => orderedAt(phone, provider) === undefined).length;
  while (missing() > 0 && performance.now() < deadline) await wait(50);
  return missing();
}

function orderedAt(phone: string, provider: StubProvider): number | undefined {
  return provider.orderedAt.get(phone.slice(1));
}

/** Whether the form was accepted. */
function post({ origin }: FormServer, agent: Agent, index: number): Promise<boolean> {
  return new Promise((done) => {
    const headers = typicalHeaders(`way-${index}`);
    const options = { method: 'POST', agent, headers, timeout: answerMs };
    const sent = request(`${origin}/f/callback`, options, (response) => {
      response.resume().on('end', () => done(response.statusCode === 202));
    });
    sent.on('timeout', () => sent.destroy()).on('error', () => done(false));
    sent.end(JSON.stringify(typicalFields(index)));
  });
}
