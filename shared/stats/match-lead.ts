import type { Config } from '../config/schema.ts';
import { reconcileWindow } from '../lead/delivery-schedule.ts';
import type { LeadTrace } from '../lead/erased-lead.ts';
import { latestOpening } from '../lead/latest-opening.ts';
import type { ProviderCall } from './call.ts';

/** Our clock and the provider's may differ by this much; a list knows whole seconds. */
const clockSkewMs = 2 * 60_000 + 1_000;

/** After an order was taken its call may be tried again for so long; a later one has another reason. */
const placedWindowMs = 30 * 60_000;

type TracedDelivery = LeadTrace['deliveries'][number];

export type Match = { lead: LeadTrace; delivery: TracedDelivery };

/**
 * Whose call this is, by when it started, of leads that were let through to this phone. Undefined when nobody's, or when it is not sure:
 * as long as nobody knows what became of an attempt, its call may be given to no other lead. Pure.
 */
export function matchLead(
  provider: string,
  { startedAt, callId }: Pick<ProviderCall, 'startedAt' | 'callId'>,
  leads: readonly LeadTrace[],
  { accounts, forms }: Pick<Config, 'accounts' | 'forms'>,
): Match | undefined {
  if (startedAt === null) return undefined;
  const isOf = (account: string) => accounts[account]?.provider === provider;
  const candidates = leads.flatMap((lead) => {
    const delivery = lead.deliveries.find(({ kind }) => kind === 'call');
    // Whichever account's turn it is now: an earlier attempt may have been made here.
    const wasHere = delivery?.route.some(isOf);
    return delivery && wasHere && mayHavePlaced(lead, delivery, startedAt, forms) ? [{ lead, delivery }] : [];
  });
  const here = candidates.filter(({ delivery }) => isOf(delivery.account));
  if (candidates.every(({ delivery }) => delivery.state === 'PLACED')) {
    const without = here.filter(({ lead }) => lead.calls.every((call) => call.callId === callId));
    return latest(without.length > 0 ? without : here);
  }
  const [only] = here;
  return candidates.length === 1 && only !== undefined && isLookedFor(only.delivery, startedAt) ? only : undefined;
}

/** Was there an attempt that has not been proven to have failed, at a time from which this call can come? */
function mayHavePlaced(
  { createdAt, form }: LeadTrace,
  delivery: TracedDelivery,
  startedAt: number,
  forms: Config['forms'],
): boolean {
  const { attempts, passing, state, updatedAt, claim } = delivery;
  if (attempts <= passing) return false;
  const last = state === 'PLACED' ? updatedAt + placedWindowMs : (attemptEnd(delivery) ?? updatedAt);
  const deadline = Math.max(last, claim?.deadline ?? 0, latestOpening(createdAt, delivery, forms[form]?.hours));
  return startedAt >= createdAt - clockSkewMs && startedAt <= deadline + reconcileWindow + clockSkewMs;
}

function isLookedFor(delivery: TracedDelivery, startedAt: number): boolean {
  const { state, claim } = delivery;
  const end = attemptEnd(delivery);
  if (!isUnknown(delivery) || claim === null || end === undefined) return false;
  return (
    (state === 'UNKNOWN' || state === 'HELD') &&
    startedAt >= claim.startedAt - clockSkewMs &&
    startedAt <= end + reconcileWindow + clockSkewMs
  );
}

/** Can a call that is known to be this lead's be that of its last attempt, and not of one before it, by this account or by another? */
export function mayBeOfLastAttempt(
  provider: string,
  { startedAt }: Pick<ProviderCall, 'startedAt'>,
  { account, claim }: TracedDelivery,
  accounts: Config['accounts'],
): boolean {
  const isLate = startedAt === null || startedAt >= (claim?.startedAt ?? 0) - clockSkewMs;
  return accounts[account]?.provider === provider && isLate;
}

/** Whether it is still open what became of the last attempt. */
export function isUnknown({ state, claim }: Pick<TracedDelivery, 'state' | 'claim'>): boolean {
  return (state === 'UNKNOWN' || state === 'HELD') && claim !== null;
}

function attemptEnd({ endedAt, claim }: TracedDelivery): number | undefined {
  return endedAt ?? claim?.deadline;
}

function latest(matches: Match[]): Match | undefined {
  return matches.toSorted((a, b) => b.lead.createdAt - a.lead.createdAt)[0];
}
