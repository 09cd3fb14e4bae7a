import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { playBurst } from '../../test/shared/providers/calltouch/play-burst.ts';
import { outageEnd, playOutage } from '../../test/simulation/play-outage.ts';

export type Drain = {
  leads: number;
  /** Of the five requests a second that Calltouch allows. */
  shareOfLimit: number;
  refused: number;
  longestWaitSeconds: number;
  /** From the end of six hours without an answer until the last call of then is placed, and the last copy. */
  outageToLastCallSeconds: number;
  outageToLastCopySeconds: number;
};

const leads = 10_000;
const perSecond = 5;

/** Leads that come all at once, and the end of an outage, in virtual time.  */
export async function measureDrain(): Promise<Drain> {
  const { arrivals, refused } = await playBurst(leads, calltouch.maxConcurrency ?? 1, 1);
  const [first = 0, last = 0] = [arrivals[0], arrivals.at(-1)];
  const { deployment } = await playOutage('refused');
  const waiting = deployment.leads().filter(({ createdAt }) => createdAt < outageEnd);
  const lastPlaced = (wanted: 'call' | 'track') => {
    const placed = waiting.flatMap(({ deliveries }) =>
      deliveries.filter(({ kind, state }) => kind === wanted && state === 'PLACED'),
    );
    return (Math.max(...placed.map(({ updatedAt }) => updatedAt)) - outageEnd) / 1000;
  };
  return {
    leads: arrivals.length,
    shareOfLimit: (arrivals.length - 1) / ((last - first) / 1000) / perSecond,
    refused,
    longestWaitSeconds: (last - first) / 1000,
    outageToLastCallSeconds: lastPlaced('call'),
    outageToLastCopySeconds: lastPlaced('track'),
  };
}
