import type { Fault } from '../errors.ts';
import { type Delivery, type DeliveryState, isDue, nudgeGrace } from './delivery.ts';
import {
  firstLookAt,
  isStale,
  lookAgainAfter,
  nextAccount,
  nextLookAt,
  openAccounts,
  type Policy,
  staleAfter,
  waitAfter,
} from './delivery-schedule.ts';

export type Event =
  | { type: 'claim'; owner: string; account: string; deadline: number }
  | { type: 'placed'; owner: string; providerId: string; reason?: string }
  | { type: 'failed'; owner: string; fault: Fault; reason: string; retryAfterSeconds?: number | undefined }
  | { type: 'wake' }
  | { type: 'found'; attempt: number; providerId: string }
  /** `readAt`: when the list was asked for. What it did not hold then may be in it by the time that this is written. */
  | { type: 'not-found' | 'unclear'; attempt: number; reason: string; readAt: number }
  /** Nobody will be able to find out what became of the attempt. */
  | { type: 'unknowable'; attempt: number; reason: string }
  /** Of one account: meanwhile it may be another's turn. */
  | { type: 'skip'; account: string; reason: string }
  | { type: 'hold'; account?: string; reason: string }
  | { type: 'restart' }
  /** After so many attempts: whoever asks twice has it let go once. */
  | { type: 'release'; attempts: number }
  | { type: 'cancel'; reason?: string };

/** What has to happen once the new state is stored. A nudge is sent after `delay` milliseconds; an alarm is a metric. */
export type Effect = { type: 'nudge'; delay: number } | { type: 'alarm'; state: 'HELD' | 'EXPIRED' };

export type Step = { delivery: Delivery; effects: Effect[] };

/** Messages can be delayed by this much; what is later waits in the index. */
const maxMessageDelay = 15 * 60_000;

/**
 * The one place that knows what may happen to a delivery. Pure.
 * Undefined: the event does not apply (somebody else's claim, an attempt that is over, a state that has moved on) and nothing is to be written.
 */
export function step(delivery: Delivery, event: Event, now: number, policy: Policy): Step | undefined {
  switch (event.type) {
    case 'claim':
      return claim(delivery, event, now, policy);
    case 'placed':
      return isOwner(delivery, event.owner) ? place(delivery, event, now) : undefined;
    case 'failed':
      return isOwner(delivery, event.owner) ? fail(delivery, event, now, policy) : undefined;
    case 'wake':
      return wake(delivery, now, policy);
    case 'found':
      return isLookedFor(delivery, event.attempt, ['UNKNOWN', 'HELD']) ? place(delivery, event, now) : undefined;
    case 'not-found':
      return isLookedFor(delivery, event.attempt, ['UNKNOWN']) ? keepLooking(delivery, event, now, policy) : undefined;
    case 'unclear':
      return isLookedFor(delivery, event.attempt, ['UNKNOWN']) ? lookAgain(delivery, event, now, policy) : undefined;
    case 'unknowable':
      return isLookedFor(delivery, event.attempt, ['UNKNOWN']) ? hold(delivery, event.reason, now) : undefined;
    case 'skip':
      return isTurnOf(delivery, event.account) ? failOver(delivery, event.reason, now) : undefined;
    case 'hold':
      return isTurnOf(delivery, event.account ?? delivery.account) ? hold(delivery, event.reason, now) : undefined;
    case 'restart':
      return delivery.state === 'READY' ? waiting({ ...delivery, since: now, updatedAt: now }, now, now) : undefined;
    case 'release':
      return isWaiting(delivery) && delivery.attempts === event.attempts ? release(delivery, now) : undefined;
    case 'cancel':
      return delivery.state === 'READY' || isWaiting(delivery)
        ? end(delivery, 'CANCELLED', event.reason ?? null, now)
        : undefined;
  }
}

/** A late owner is believed as long as nobody has claimed since. */
function isOwner(delivery: Delivery, owner: string): boolean {
  return delivery.claim?.owner === owner;
}

function isTurnOf({ state, account }: Delivery, wanted: string): boolean {
  return state === 'READY' && account === wanted;
}

function isWaiting({ state }: Delivery): boolean {
  return state === 'HELD' || state === 'EXPIRED';
}

/** What a list shows counts only for the attempt that it was read for, while that attempt's end is unknown. */
function isLookedFor(delivery: Delivery, attempt: number, states: DeliveryState[]): boolean {
  return delivery.claim !== null && delivery.attempts === attempt && states.includes(delivery.state);
}

function claim(delivery: Delivery, event: Extract<Event, { type: 'claim' }>, now: number, policy: Policy) {
  // Whoever claims is prepared for one account; meanwhile it may be another's turn.
  if (!isTurnOf(delivery, event.account) || !isDue(delivery, now)) return undefined;
  if (isStale(delivery, now, policy)) return expire(delivery, now);
  return changed(delivery, now, {
    state: 'CALLING',
    attempts: delivery.attempts + 1,
    claim: { owner: event.owner, startedAt: now, deadline: event.deadline },
    nextAt: null,
    endedAt: null,
    // Left where it was, for moving an index entry costs two writes: the sweeper looks a little early and finds nothing to do.
    wakeAt: delivery.wakeAt ?? event.deadline,
  });
}

function place(delivery: Delivery, { providerId, reason = null }: Placed, now: number): Step {
  const { delivery: placed, effects } = end(delivery, 'PLACED', reason, now);
  return { delivery: { ...placed, providerId }, effects };
}

type Placed = { providerId: string; reason?: string | null };

type Failure = { fault: Fault; reason: string; retryAfterSeconds?: number | undefined };

function fail(delivery: Delivery, failure: Failure, now: number, policy: Policy): Step {
  const { fault, reason } = failure;
  const proven = { ...delivery, claim: null };
  if (fault === 'lead') return end(proven, 'REJECTED', reason, now);
  if (fault === 'account') return failOver(proven, reason, now);
  if (fault === 'passing' || delivery.kind === 'track') return retry(proven, failure, now, policy);
  return unknown(delivery, reason, now);
}

function unknown(delivery: Delivery, reason: string, endedAt: number): Step {
  return waiting({ ...delivery, state: 'UNKNOWN', reason, endedAt, updatedAt: endedAt }, firstLookAt(endedAt), endedAt);
}

function failOver(delivery: Delivery, reason: string, now: number): Step {
  const refusals = [...delivery.refusals, { account: delivery.account, reason, at: now }];
  const refused = { ...delivery, refusals };
  const account = nextAccount(refused);
  return account === undefined ? hold(refused, reason, now) : ready(refused, account, reason, now, now);
}

/** A phone that one account cannot ring now may be rung by the next; who asked for patience gets it once all were asked. */
function retry(delivery: Delivery, { reason, retryAfterSeconds }: Failure, now: number, policy: Policy): Step {
  const passing = delivery.passing + 1;
  const failed = { ...delivery, passing };
  const account = nextAccount(delivery) ?? delivery.account;
  if (passing < openAccounts(delivery).length) return ready(failed, account, reason, now, now);
  const wait = retryAfterSeconds === undefined ? waitAfter(failed) : retryAfterSeconds * 1000;
  // What would be waited for beyond that is too late: somebody has to hear of it.
  const latest = delivery.since + staleAfter(delivery, policy) + 1;
  return ready(failed, account, reason, Math.min(now + wait, latest), now);
}

function ready(delivery: Delivery, account: string, reason: string, nextAt: number, now: number): Step {
  return waiting({ ...delivery, state: 'READY', account, reason, updatedAt: now }, nextAt, now);
}

/** Sets when the delivery comes up again: by a delayed message where that reaches so far, else by the index alone. */
function waiting(delivery: Delivery, nextAt: number, now: number): Step {
  const delay = Math.max(0, nextAt - now);
  const byMessage = delay <= maxMessageDelay;
  return {
    delivery: { ...delivery, nextAt, wakeAt: byMessage ? nextAt + nudgeGrace : nextAt },
    effects: byMessage ? [{ type: 'nudge', delay }] : [],
  };
}

function wake(delivery: Delivery, now: number, policy: Policy): Step | undefined {
  if (delivery.state === 'READY' && isStale(delivery, now, policy)) return expire(delivery, now);
  if (!isDue(delivery, now)) return undefined;
  // Still due since nextAt, whatever this clock says: only the nudge was lost.
  if (delivery.state !== 'CALLING')
    return { ...waiting(delivery, now, now), delivery: { ...delivery, wakeAt: now + nudgeGrace } };
  const failure: Failure = { fault: 'unknown', reason: 'the attempt was cut off' };
  return fail(delivery, failure, delivery.claim?.deadline ?? now, policy);
}

type Look = { reason: string; readAt: number };

function keepLooking(delivery: Delivery, { reason, readAt }: Look, now: number, policy: Policy): Step {
  const nextLook = nextLookAt(delivery, readAt);
  if (nextLook !== undefined) return waiting({ ...delivery, updatedAt: now }, Math.max(nextLook, now), now);
  if (policy.retryUnknownAfter === undefined) return hold(delivery, reason, now);
  const retryAt = (delivery.endedAt ?? now) + policy.retryUnknownAfter;
  if (retryAt > readAt) return waiting({ ...delivery, updatedAt: now }, Math.max(retryAt, now), now);
  return waiting({ ...delivery, state: 'READY', reason, updatedAt: now }, now, now);
}

/** A list that cannot be read, or whose call may be another lead's, says nothing: it never leads to a second call. */
function lookAgain(delivery: Delivery, { reason, readAt }: Look, now: number, policy: Policy): Step {
  const isPatient = policy.retryUnknownAfter !== undefined && !isStale(delivery, now, policy);
  const nextLook = nextLookAt(delivery, readAt) ?? (isPatient ? now + lookAgainAfter : undefined);
  if (nextLook === undefined) return hold(delivery, reason, now);
  return waiting({ ...delivery, updatedAt: now }, Math.max(nextLook, now), now);
}

function release(delivery: Delivery, now: number): Step {
  const account = delivery.route[0] as string;
  return waiting(
    { ...delivery, state: 'READY', account, refusals: [], passing: 0, since: now, updatedAt: now },
    now,
    now,
  );
}

function hold(delivery: Delivery, reason: string, now: number): Step {
  const held = changed(delivery, now, { state: 'HELD', reason, nextAt: null, wakeAt: null });
  return { delivery: held.delivery, effects: [{ type: 'alarm', state: 'HELD' }] };
}

function expire(delivery: Delivery, now: number): Step {
  // An earlier attempt's call may still turn up.
  if (delivery.claim !== null) return hold(delivery, 'too late to try again, and it may have rung', now);
  return {
    delivery: end(delivery, 'EXPIRED', delivery.reason, now).delivery,
    effects: [{ type: 'alarm', state: 'EXPIRED' }],
  };
}

function end(delivery: Delivery, state: DeliveryState, reason: string | null, now: number): Step {
  return changed(delivery, now, { state, reason, claim: null, nextAt: null, wakeAt: null });
}

function changed(delivery: Delivery, now: number, changes: Partial<Delivery>): Step {
  return { delivery: { ...delivery, ...changes, updatedAt: now }, effects: [] };
}
