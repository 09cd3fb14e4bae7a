export type DeliveryState = 'READY' | 'CALLING' | 'PLACED' | 'REJECTED' | 'UNKNOWN' | 'HELD' | 'EXPIRED' | 'CANCELLED';

/** Who holds a delivery while it calls the provider, and until when. */
export type Claim = { owner: string; startedAt: number; deadline: number };

/** A lead on its way to one account: the call, or one copy for tracking. Times are milliseconds since 1970 UTC. */
export type Delivery = {
  /** `call`, or `track:<account>`. */
  id: string;
  kind: 'call' | 'track';
  /** Accounts in the order in which they are tried; one for a copy. */
  route: string[];
  /** The account whose turn it is. */
  account: string;
  /** Accounts that refused through a fault of their own, and why. */
  refusals: { account: string; reason: string; at: number }[];
  state: DeliveryState;
  /** Claims so far. */
  attempts: number;
  /** Passing faults so far, over all accounts. */
  passing: number;
  /** When it became READY to be tried at all: the start of the clock that ends in EXPIRED. */
  since: number;
  /** READY: not before then. UNKNOWN: the next look into the provider's list. */
  nextAt: number | null;
  /** When the sweeper has to look whether a nudge was lost or a claim has run out. */
  wakeAt: number | null;
  /** Stays while nobody knows whether the call was placed, so that the owner's late news is still believed. */
  claim: Claim | null;
  /** UNKNOWN: when the attempt ended. */
  endedAt: number | null;
  providerId: string | null;
  reason: string | null;
  updatedAt: number;
};

/** A nudge that has not been acted upon after this many milliseconds is taken for lost. */
export const nudgeGrace = 10_000;

/** The deliveries of a new lead: at most one call, and a copy for each tracking account. */
export function newDeliveries(form: { call: string[]; track: string[] }, now: number): Delivery[] {
  const start = (id: string, kind: Delivery['kind'], route: string[]): Delivery => ({
    id,
    kind,
    route,
    account: route[0] as string,
    refusals: [],
    state: 'READY',
    attempts: 0,
    passing: 0,
    since: now,
    nextAt: now,
    wakeAt: now + nudgeGrace,
    claim: null,
    endedAt: null,
    providerId: null,
    reason: null,
    updatedAt: now,
  });
  return [
    ...(form.call.length > 0 ? [start('call', 'call', form.call)] : []),
    ...form.track.map((account) => start(`track:${account}`, 'track', [account])),
  ];
}

/** Is this delivery ready to be claimed, or unknown and due for a look? Past a claim's deadline it first has to be woken. */
export function isDue(delivery: Delivery, now: number): boolean {
  if (delivery.state === 'CALLING') return delivery.claim !== null && now > delivery.claim.deadline;
  return (delivery.state === 'READY' || delivery.state === 'UNKNOWN') && (delivery.nextAt ?? 0) <= now;
}
