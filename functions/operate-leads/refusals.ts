import { InvalidRequestError } from '#shared/errors.ts';
import type { DeliveryState } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';

/** `release` is a retry for which a person vouches: it also lets a lead go that was taken for spam, or whose phone was rung too often. */
export type Action = 'retry' | 'cancel' | 'release';

export function noSuchLead(): never {
  throw new InvalidRequestError(404, 'not_found', 'There is no such lead.');
}

/** Why a delivery in this state can neither be sent again nor, where `cancel` says no other, be cancelled. */
const reasons: Record<Exclude<DeliveryState, 'HELD' | 'EXPIRED'>, { again: string; cancel?: string }> = {
  READY: { again: 'it is on its way already' },
  CALLING: { again: 'the provider is being asked right now' },
  UNKNOWN: { again: "nobody knows yet whether it was placed: it is being looked up in the provider's list" },
  PLACED: { again: 'the provider has it, a phone would ring twice', cancel: 'the provider has it already' },
  REJECTED: {
    again: 'the provider refused this number for good',
    cancel: 'the provider refused it, nothing is under way',
  },
  CANCELLED: { again: 'it was cancelled', cancel: 'it was cancelled already' },
};

/** A 409 that says of each delivery why not. */
export function notApplicable({ deliveries }: Lead, action: Action): InvalidRequestError {
  const words = deliveries.map(({ id, state }) => `${id}: ${reasonFor(state, action)}`).join('; ');
  return new InvalidRequestError(409, 'not_applicable', `There is nothing to ${action}: ${words}.`);
}

function reasonFor(state: DeliveryState, action: Action): string {
  // Someone else was faster: between the two looks it has become what can be acted on.
  if (state === 'HELD' || state === 'EXPIRED') return 'it has just changed, try again';
  const { again, cancel = again } = reasons[state];
  return action === 'cancel' ? cancel : again;
}

export function spamNeedsRelease(): InvalidRequestError {
  const message = 'This lead was taken for spam: release it if a person sent it.';
  return new InvalidRequestError(409, 'spam', message);
}

export function busyLead(): InvalidRequestError {
  const message = 'A provider is being asked or looked up for this lead right now: try again in three minutes.';
  return new InvalidRequestError(409, 'busy', message);
}
