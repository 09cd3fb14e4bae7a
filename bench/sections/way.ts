import { median, percentile } from '../harness/figures.ts';
import { inTurn } from '../harness/in-turn.ts';
import { installNodeRed } from '../harness/node-red.ts';
import { type FormServer, startOutboxServer, startRingback } from '../harness/servers.ts';
import { type StubProvider, startStubProvider } from '../harness/stub-provider.ts';
import { acceptForms, deliverForms, type Load } from './way-load.ts';

/** Accepted leads a second (median of the rounds), milliseconds of all rounds together, and how many forms failed in all. */
export type Accepting = { perSecond: number; p50: number; p99: number; failed: number };
/** Milliseconds from the start of the form's request until the provider has the order, of all rounds together. */
export type Delivering = { p50: number; p99: number; failed: number };
/** `delivering`: at 50 forms a second; `deliveringSlowly`: at 5. */
export type Way = { at1: Accepting; at32: Accepting; delivering: Delivering; deliveringSlowly: Delivering };

const rounds = 4;
const perSecond = { usual: 50, few: 5 };
const seconds = { warmUp: 5, few: 3, usual: 4, accepting: 1.5 };

type Server = 'ringback' | 'outbox' | 'nodeRed';
/** Node-RED is measured where it installs. */
export type Ways = Record<Exclude<Server, 'nodeRed'>, Way> & { nodeRed: Way | { notMeasured: string } };

type Start = (provider: string) => Promise<FormServer>;
/** One round of one server. */
type Round = Record<keyof Way, Load>;

/** The servers by turns, each a process of its own in front of the same provider. */
export async function measureWay(): Promise<Ways> {
  const nodeRed = await installNodeRed();
  const starters: Partial<Record<Server, Start>> = {
    ringback: startRingback,
    outbox: startOutboxServer,
    ...(nodeRed && { nodeRed: nodeRed.start }),
  };
  const provider = await startStubProvider();
  const measured: Record<Server, Round[]> = { ringback: [], outbox: [], nodeRed: [] };
  try {
    for (let round = 0; round < rounds; round++) {
      for (const [name, start] of inTurn(Object.entries(starters), round)) {
        measured[name as Server].push(await measureRound(await start(provider.origin), provider));
      }
    }
  } finally {
    await provider.close();
    await nodeRed?.remove();
  }
  return {
    ringback: summarize(measured.ringback),
    outbox: summarize(measured.outbox),
    nodeRed: nodeRed ? summarize(measured.nodeRed) : { notMeasured: 'could not be installed' },
  };
}

async function measureRound(server: FormServer, provider: StubProvider): Promise<Round> {
  try {
    // What is measured below, at its own rates: processes are started and code is compiled before anything counts.
    await deliverForms(server, provider, perSecond.usual, seconds.warmUp);
    await acceptForms(server, provider, 32, seconds.accepting);
    return {
      deliveringSlowly: await deliverForms(server, provider, perSecond.few, seconds.few),
      delivering: await deliverForms(server, provider, perSecond.usual, seconds.usual),
      at1: await acceptForms(server, provider, 1, seconds.accepting),
      at32: await acceptForms(server, provider, 32, seconds.accepting),
    };
  } finally {
    await server.stop();
  }
}

function summarize(measured: Round[]): Way {
  const loads = (of: keyof Way) => measured.map((round) => round[of]);
  const accepting = (of: 'at1' | 'at32') => ({
    perSecond: median(loads(of).map((load) => load.tookMs.length / load.seconds)),
    ...pooled(loads(of)),
  });
  return {
    at1: accepting('at1'),
    at32: accepting('at32'),
    delivering: pooled(loads('delivering')),
    deliveringSlowly: pooled(loads('deliveringSlowly')),
  };
}

/** Percentiles of all loads' forms together: of one load's few hundred the hundredth part is a handful. */
export function pooled(loads: Load[]): Delivering {
  const tookMs = loads.flatMap((load) => load.tookMs);
  const failed = loads.reduce((sum, load) => sum + load.failed, 0);
  return { p50: percentile(tookMs, 0.5), p99: percentile(tookMs, 0.99), failed };
}
