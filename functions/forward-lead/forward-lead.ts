import type { Config } from '#shared/config/schema.ts';
import { type ApplyEvent, findDelivery, nudge } from '#shared/deliver.ts';
import { ConfigError, ProviderError } from '#shared/errors.ts';
import { type Delivery, type Event, isDue } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { toOrder } from '#shared/lead/order.ts';
import type { Log } from '#shared/log.ts';
import type { Clock, NewNonce } from '#shared/ports.ts';
import { limits } from '#shared/providers/exchange.ts';
import type { Connection } from '#shared/providers/provider.ts';
import type { Nudge, SendNudge } from '#shared/queue.ts';
import type { CallOwners } from '#shared/store/calls.ts';
import type { LeadStore } from '#shared/store/leads.ts';
import { lookUp } from './look-up.ts';

export type ForwardPorts = {
  /** The provider whose queue this is. */
  provider: string;
  config: Pick<Config, 'accounts' | 'forms'>;
  leads: LeadStore;
  callOwners: CallOwners;
  applyEvent: ApplyEvent;
  /** Opens an account of this provider. Throws ConfigError when a secret is not set. */
  connect: (account: string) => Promise<Connection>;
  sendNudge: SendNudge;
  clock: Clock;
  newNonce: NewNonce;
  log: Log;
};

/** For writing the claim before the call, and its outcome after. */
const marginMs = 5_000;
const claimMs = limits.orderTimeoutMs + 2 * marginMs;

/**
 * Does what a delivery needs next: a call, a look into the provider's list, or nothing.
 * `remainingMs` is what is left of the function's time. A nudge may come twice, late or for nothing.
 */
export async function forwardLead(
  { lead: leadId, delivery: deliveryId }: Nudge,
  remainingMs: () => number,
  ports: ForwardPorts,
) {
  const lead = await ports.leads.get(leadId);
  const delivery = lead && findDelivery(lead, deliveryId);
  if (lead === undefined || delivery === undefined || lead.spam !== undefined) return;
  if (!isDue(delivery, ports.clock())) return;
  const account = ports.config.accounts[delivery.account];
  if (account === undefined) {
    const reason = `the account "${delivery.account}" is no longer in the config`;
    return void (await ports.applyEvent(leadId, deliveryId, { type: 'hold', reason }));
  }
  // The route went on to another provider's account after this nudge was sent.
  if (account.provider !== ports.provider) {
    return nudge(ports.sendNudge, ports.log, account.provider, leadId, deliveryId);
  }
  if (delivery.state === 'CALLING') return void (await ports.applyEvent(leadId, deliveryId, { type: 'wake' }));
  if (delivery.state === 'UNKNOWN') return lookUp(lead, delivery, ports);
  if (remainingMs() < claimMs) return nudge(ports.sendNudge, ports.log, ports.provider, leadId, deliveryId);
  return attempt(leadId, deliveryId, ports);
}

async function attempt(leadId: string, deliveryId: string, ports: ForwardPorts): Promise<void> {
  const { applyEvent, clock, log } = ports;
  const owner = ports.newNonce();
  const deadline = clock() + claimMs;
  const claimed = await applyEvent(leadId, deliveryId, { type: 'claim', owner, deadline });
  if (claimed?.delivery.state !== 'CALLING' || claimed.delivery.claim?.owner !== owner) return;
  const startedAt = clock();
  const isTooLate = deadline - startedAt < limits.orderTimeoutMs + marginMs;
  const event: Event = isTooLate
    ? { type: 'failed', owner, fault: 'passing', reason: 'claiming took too long, nothing was sent' }
    : await place(claimed.lead, claimed.delivery, owner, ports);
  const recorded = await applyEvent(leadId, deliveryId, event);
  log('delivery attempted', {
    lead: leadId,
    delivery: deliveryId,
    account: claimed.delivery.account,
    state: recorded?.delivery.state,
    outcome: event.type,
    ...(event.type === 'failed' ? { fault: event.fault, reason: event.reason } : {}),
    ms: clock() - startedAt,
  });
}

/** Calls the provider, once. Whatever it throws without proof that nothing was placed becomes `unknown`. */
async function place(lead: Lead, delivery: Delivery, owner: string, ports: ForwardPorts): Promise<Event> {
  const { account, kind } = delivery;
  try {
    const connection = await ports.connect(account);
    const order = toOrder(lead, ports.config.forms[lead.form], ports.clock());
    const send = kind === 'call' ? connection.placeCall : connection.trackLead;
    if (send === undefined) throw new ConfigError(`the account "${account}" cannot do this`);
    const { providerId } = await send(order);
    if (kind === 'call') await ports.callOwners.take(account, providerId, lead.id);
    return { type: 'placed', owner, providerId };
  } catch (error) {
    return { type: 'failed', owner, ...faultOf(error) };
  }
}

function faultOf(error: unknown): Pick<Extract<Event, { type: 'failed' }>, 'fault' | 'reason' | 'retryAfterSeconds'> {
  if (error instanceof ProviderError) {
    return { fault: error.fault, reason: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  if (error instanceof ConfigError) return { fault: 'account', reason: error.message };
  throw error;
}
