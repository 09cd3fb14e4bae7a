import { playDrain } from '../../test/simulation/play-drain.ts';
import { outageEnd, playOutage } from '../../test/simulation/play-outage.ts';

/** What came at once, and what an outage left; the least and the most of what each seed gave. */
export type Drain = {
  leads: number;
  /** Of the five requests a second that Calltouch allows. */
  shareOfLimit: number;
  refused: number;
  longestWaitSeconds: number;
  outageLeads: number;
  /** From the end of six hours without an answer until the last call of then is placed, and the last copy. */
  outageToLastCallSeconds: number;
  outageToLastCopySeconds: number;
};

const leads = 10_000;
const perSecond = 5;
const seeds = [1, 2, 3];
const outageLeadEveryMs = 20_000;

/** Leads that come all at once, and the end of an outage: the functions, their queues and the sweeper in virtual time. */
export async function measureDrain(): Promise<Drain> {
  const drained = [];
  for (const seed of seeds) drained.push(await drain(leads, seed));
  return {
    leads,
    shareOfLimit: Math.min(...drained.map(({ shareOfLimit }) => shareOfLimit)),
    refused: Math.max(...drained.map(({ refused }) => refused)),
    longestWaitSeconds: Math.max(...drained.map(({ longestWaitSeconds }) => longestWaitSeconds)),
    ...(await endOutage()),
  };
}

/** So many leads at once. Throws when one of them was not copied. */
export async function drain(count: number, seed: number) {
  const { arrivals, refused, deployment } = await playDrain(count, seed);
  const deliveries = deployment
    .leads()
    .flatMap(({ createdAt, deliveries }) => deliveries.map((one) => ({ ...one, createdAt })));
  const placed = deliveries.filter(({ state }) => state === 'PLACED');
  if (placed.length !== count || arrivals.length !== count)
    throw new Error(`${arrivals.length} of ${count} leads were copied`);
  const seconds = (Math.max(...arrivals) - Math.min(...arrivals)) / 1000;
  return {
    shareOfLimit: (count - 1) / seconds / perSecond,
    refused,
    longestWaitSeconds: Math.max(...placed.map(({ updatedAt, createdAt }) => updatedAt - createdAt)) / 1000,
  };
}

async function endOutage() {
  const { deployment } = await playOutage('refused', outageLeadEveryMs);
  const waiting = deployment.leads().filter(({ createdAt }) => createdAt < outageEnd);
  const lastPlaced = (wanted: 'call' | 'track') => {
    const placed = waiting.flatMap(({ deliveries }) =>
      deliveries.filter(({ kind, state }) => kind === wanted && state === 'PLACED'),
    );
    return (Math.max(...placed.map(({ updatedAt }) => updatedAt)) - outageEnd) / 1000;
  };
  return {
    outageLeads: waiting.length,
    outageToLastCallSeconds: lastPlaced('call'),
    outageToLastCopySeconds: lastPlaced('track'),
  };
}
