import { formDefaults } from '#shared/config/form-defaults.ts';
import type { Config } from '#shared/config/schema.ts';
import { type ApplyEvent, findDelivery, nudge, withoutAccount } from '#shared/deliver.ts';
import { ConfigError, ProviderError } from '#shared/errors.ts';
import { type Delivery, isDue } from '#shared/lead/delivery.ts';
import type { Event } from '#shared/lead/delivery-machine.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { toOrder } from '#shared/lead/order.ts';
import { rehearsalId } from '#shared/lead/rehearsal.ts';
import type { Log } from '#shared/log.ts';
import type { Clock, NewNonce } from '#shared/ports.ts';
import { limits } from '#shared/providers/exchange.ts';
import type { Connection } from '#shared/providers/provider.ts';
import type { Nudge, SendNudge } from '#shared/queue.ts';
import type { BreakerState, BreakerStore } from '#shared/store/breakers.ts';
import type { CallOwners } from '#shared/store/calls.ts';
import type { LeadStore, SeenLead } from '#shared/store/leads.ts';
import type { PhoneGuard } from '#shared/store/phones.ts';
import { lookUp } from './look-up.ts';

export type ForwardPorts = {
  /** The provider whose queue this is. */
  provider: string;
  config: Pick<Config, 'accounts' | 'forms'>;
  leads: LeadStore;
  callOwners: CallOwners;
  phones: PhoneGuard;
  breakers: BreakerStore;
  applyEvent: ApplyEvent;
  /** Opens an account of this provider. Throws ConfigError when a secret is not set. */
  connect: (account: string) => Promise<Connection>;
  sendNudge: SendNudge;
  clock: Clock;
  newNonce: NewNonce;
  log: Log;
};

/** What a delivery of a form with `rehearse` ends with, in place of the provider's answer. */
const rehearsed = { providerId: rehearsalId, reason: 'a rehearsal: the provider was not asked' };

/** How an attempt ended. */
type Outcome = Extract<Event, { type: 'placed' | 'failed' }>;

/** For writing the claim before the call, and its outcome after. */
const marginMs = 5_000;
const claimMs = limits.orderTimeoutMs + 2 * marginMs;

/**
 * Does what a delivery needs next: a call, a look into the provider's list, or nothing.
 * `remainingMs` is what is left of the function's time. A nudge may come twice, late or for nothing.
 */
export async function forwardLead(wanted: Nudge, remainingMs: () => number, ports: ForwardPorts) {
  const due = await findDue(wanted, ports);
  if (due === undefined) return;
  const { lead, delivery } = due;
  const { lead: leadId, delivery: deliveryId } = wanted;
  if (delivery.state === 'CALLING') return void (await ports.applyEvent(leadId, deliveryId, { type: 'wake' }));
  const account = ports.config.accounts[delivery.account];
  if (account === undefined) return void (await ports.applyEvent(leadId, deliveryId, withoutAccount(delivery)));
  // The route went on to another provider's account after this nudge was sent.
  if (account.provider !== ports.provider) {
    return nudge(ports.sendNudge, ports.log, account.provider, leadId, deliveryId);
  }
  if (delivery.state === 'UNKNOWN') return lookUp(lead, delivery, ports);
  if (remainingMs() < claimMs) return nudge(ports.sendNudge, ports.log, ports.provider, leadId, deliveryId);
  // A rehearsal neither takes the one turn to try an account nor tells anything about it.
  const breaker = isRehearsal(lead, ports) ? closed : await ports.breakers.ask(delivery.account);
  if (breaker.state === 'open') return avoid(leadId, delivery, breaker.reason, ports);
  // Before the claim: reading secrets takes time, and who dies holding a claim leaves a call that nobody may repeat.
  const send = await opened(delivery, ports);
  if (send instanceof ConfigError) {
    await ports.breakers.open(delivery.account, send.message);
    return avoid(leadId, delivery, send.message, ports);
  }
  const veto = await phoneVeto(lead, delivery, ports);
  if (veto !== undefined) return void (await ports.applyEvent(leadId, deliveryId, veto));
  const outcome = await attempt(due, send, remainingMs, ports);
  if (outcome?.type === 'placed' && breaker.state === 'probe') await ports.breakers.close(delivery.account);
  if (outcome?.type === 'failed' && outcome.fault === 'account') {
    await ports.breakers.open(delivery.account, outcome.reason);
    logAvoided(delivery.account, outcome.reason, ports);
  }
}

/** A delivery that something has to be done about, in its lead as it was seen. */
type Due = SeenLead & { delivery: Delivery };

/** To see that a delivery is ready a glance will do, for the claim is written over the very version that was seen. Anything else is looked at properly. */
async function findDue(wanted: Nudge, { leads, clock }: ForwardPorts): Promise<Due | undefined> {
  const glanced = dueIn(await leads.glance(wanted.lead), wanted.delivery, clock());
  return glanced?.delivery.state === 'READY' ? glanced : dueIn(await leads.see(wanted.lead), wanted.delivery, clock());
}

function dueIn(seen: SeenLead | undefined, deliveryId: string, now: number): Due | undefined {
  const delivery = seen && findDelivery(seen.lead, deliveryId);
  const isOpen = delivery !== undefined && seen?.lead.spam === undefined && isDue(delivery, now);
  return seen && isOpen ? { ...seen, delivery } : undefined;
}

async function avoid(leadId: string, { id, account }: Delivery, reason: string, ports: ForwardPorts): Promise<void> {
  logAvoided(account, reason, ports);
  await ports.applyEvent(leadId, id, { type: 'skip', account, reason });
}

function logAvoided(account: string, reason: string, { log }: ForwardPorts) {
  log('account avoided', { account, reason }, { AvoidedAccounts: 1 });
}

type Send = NonNullable<Connection['placeCall'] | Connection['trackLead']>;

/** What sends this delivery to its account, or what is wrong with the account's settings. */
async function opened({ account, kind }: Delivery, ports: ForwardPorts): Promise<Send | ConfigError> {
  try {
    const connection = await ports.connect(account);
    const send = kind === 'call' ? connection.placeCall : connection.trackLead;
    return send ?? new ConfigError(`the account "${account}" cannot do this`);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
}

const closed: BreakerState = { state: 'closed' };

function isRehearsal({ form }: Lead, { config }: ForwardPorts): boolean {
  return config.forms[form]?.rehearse === true;
}

/** What forbids ringing this phone now, as the event that says so; asked before the claim, so that a crash cannot leave a call uncounted. */
async function phoneVeto(lead: Lead, { kind }: Delivery, { phones, config }: ForwardPorts): Promise<Event | undefined> {
  if (kind === 'track') return undefined;
  const { id, form, createdAt, key } = lead;
  const admission = { lead: id, form, windowFrom: key.source === 'window' ? createdAt : null };
  const verdict = await phones.admit(lead.phone, admission, (config.forms[form] ?? formDefaults).phoneLimit);
  if (verdict === 'admitted') return undefined;
  return verdict === 'too-many'
    ? { type: 'hold', reason: 'this phone was rung too often' }
    : { type: 'cancel', reason: 'the same form was sent for this phone within ten minutes' };
}

/** Claims and places. Undefined: somebody else had claimed it, it was another account's turn, or it was too old. */
async function attempt(
  due: Due,
  send: Send,
  remainingMs: () => number,
  ports: ForwardPorts,
): Promise<Outcome | undefined> {
  const { applyEvent, clock, log } = ports;
  // It tells the attempts of one delivery apart, and lies in the lead's row, which has to stay small.
  const owner = ports.newNonce().slice(0, 16);
  const deadline = clock() + claimMs;
  const { id: deliveryId, account } = due.delivery;
  const leadId = due.lead.id;
  const claimed = await applyEvent(leadId, deliveryId, { type: 'claim', owner, account, deadline }, due);
  if (claimed?.delivery.state !== 'CALLING' || claimed.delivery.claim?.owner !== owner) return undefined;
  const startedAt = clock();
  const isTooLate = Math.min(deadline - startedAt, remainingMs()) < limits.orderTimeoutMs + marginMs;
  const outcome: Outcome = isTooLate
    ? { type: 'failed', owner, fault: 'passing', reason: 'claiming took too long, nothing was sent' }
    : await place(claimed.lead, claimed.delivery, send, owner, ports);
  const recorded = await applyEvent(leadId, deliveryId, outcome, claimed);
  const details = {
    lead: leadId,
    delivery: deliveryId,
    account,
    outcome: outcome.type,
    state: recorded?.delivery.state,
    recorded: recorded?.applied,
    ...(outcome.type === 'failed' ? { fault: outcome.fault, reason: outcome.reason } : {}),
    ms: clock() - startedAt,
  };
  const isCall = outcome.type === 'placed' && claimed.delivery.kind === 'call';
  log('delivery attempted', details, isCall ? { SecondsToCall: (clock() - claimed.lead.createdAt) / 1000 } : {});
  return outcome;
}

/** Calls the provider, once. Whatever it throws without proof that nothing was placed becomes `unknown`. */
async function place(lead: Lead, { kind }: Delivery, send: Send, owner: string, ports: ForwardPorts): Promise<Outcome> {
  if (isRehearsal(lead, ports)) return { type: 'placed', owner, ...rehearsed };
  try {
    const { providerId } = await send(toOrder(lead, ports.config.forms[lead.form], ports.clock()));
    if (kind === 'call') await ports.callOwners.take(ports.provider, providerId, lead.id);
    return { type: 'placed', owner, providerId };
  } catch (error) {
    return { type: 'failed', owner, ...faultOf(error) };
  }
}

function faultOf(error: unknown): Omit<Extract<Outcome, { type: 'failed' }>, 'type' | 'owner'> {
  if (error instanceof ProviderError) {
    return { fault: error.fault, reason: error.message, retryAfterSeconds: error.retryAfterSeconds };
  }
  throw error;
}
