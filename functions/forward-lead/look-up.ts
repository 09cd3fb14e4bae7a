import { ConfigError, ProviderError } from '#shared/errors.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import type { Event } from '#shared/lead/delivery-machine.ts';
import { reconcileWindow } from '#shared/lead/delivery-schedule.ts';
import type { LeadTrace } from '#shared/lead/erased-lead.ts';
import { latestOpening } from '#shared/lead/latest-opening.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { nextOpening } from '#shared/lead/opening-hours.ts';
import type { ListedCall } from '#shared/providers/provider.ts';
import type { ForwardPorts } from './forward-lead.ts';

/** Our clock and the provider's may differ by this much. */
const clockSkewMs = 2 * 60_000;

/** Nobody knows whether this call was placed: looks for it in the provider's own list, and gives a call that is found to this lead alone. */
export async function lookUp(lead: Lead, delivery: Delivery, ports: ForwardPorts): Promise<void> {
  const { applyEvent, log } = ports;
  const event = await find(lead, delivery, ports);
  const applied = await applyEvent(lead.id, delivery.id, event);
  log('delivery looked up', {
    lead: lead.id,
    delivery: delivery.id,
    found: event.type,
    state: applied?.delivery.state,
  });
}

async function find(lead: Lead, delivery: Delivery, ports: ForwardPorts): Promise<Event> {
  const { attempts: attempt } = delivery;
  const deferredTo = openingAfterAttempt(lead, delivery, ports);
  const readAt = ports.clock();
  const unclear = (reason: string): Event => ({ type: 'unclear', attempt, reason, readAt });
  // A list need not show a deferred call before it rings, so that its absence says nothing.
  const missing = (reason: string): Event =>
    deferredTo === undefined ? { type: 'not-found', attempt, reason, readAt } : unclear(reason);
  const calls = await listCalls(lead, delivery, deferredTo, ports);
  if (calls === undefined) return unclear("the provider's list of calls could not be read");
  const listed = await Promise.all(
    calls.map(async (call) => ({ ...call, owner: await ports.callOwners.ownerOf(ports.provider, call.providerId) })),
  );
  const own = listed.find(({ owner }) => owner === lead.id);
  if (own !== undefined) return { type: 'found', attempt, providerId: own.providerId };
  const [call, ...others] = listed.filter(({ owner }) => owner === undefined);
  if (call === undefined) return missing("the call is not in the provider's list");
  if (others.length > 0)
    return { type: 'unknowable', attempt, reason: "several calls in the provider's list could be this one" };
  if (await hasRival(lead, call, listed, ports)) return unclear("the call in the list may be another lead's");
  const { owner } = await ports.callOwners.take(ports.provider, call.providerId, lead.id);
  if (owner !== lead.id) return missing("the call in the provider's list is another lead's");
  return { type: 'found', attempt, providerId: call.providerId };
}

/** When the form opens, if the attempt was made outside its hours and so asked for a deferred call. */
function openingAfterAttempt({ form }: Lead, { claim }: Delivery, { config }: ForwardPorts): number | undefined {
  const hours = config.forms[form]?.hours;
  if (hours === undefined || claim === null) return undefined;
  return nextOpening(hours, claim.startedAt) ?? nextOpening(hours, claim.deadline);
}

type Listed = ListedCall & { owner: string | undefined };

/**
 * Could this call be that of another lead for the same phone? Asked after the list was read: a lead whose call is in it was
 * let through before.
 */
async function hasRival(lead: Lead, call: ListedCall, listed: Listed[], ports: ForwardPorts): Promise<boolean> {
  const others = (await ports.phones.admitted(lead.phone)).filter((admission) => admission.lead !== lead.id);
  const rivals = others.length === 0 ? [] : await ports.leads.tracesOf(others.map((admission) => admission.lead));
  return rivals.some((rival) => mayHavePlaced(rival, call, listed, ports));
}

/** Has this lead made attempts, when the call was ordered, that are neither proven to have failed nor seen in the list? */
function mayHavePlaced(
  rival: LeadTrace,
  call: ListedCall,
  listed: Listed[],
  { config, provider }: ForwardPorts,
): boolean {
  const delivery = rival.deliveries.find(({ kind }) => kind === 'call');
  if (delivery === undefined) return false;
  const { attempts, passing, updatedAt, claim, route } = delivery;
  if (!route.some((account) => config.accounts[account]?.provider === provider)) return false;
  const seen = listed.filter(({ owner }) => owner === rival.id).length;
  if (attempts - passing <= seen) return false;
  const opening = latestOpening(rival.createdAt, delivery, config.forms[rival.form]?.hours);
  const latest = Math.max(updatedAt, claim?.deadline ?? 0, opening) + reconcileWindow + clockSkewMs;
  return call.orderedAt >= wholeSecond(rival.createdAt - clockSkewMs) && call.orderedAt <= latest;
}

/** As a list knows it. */
function wholeSecond(at: number): number {
  return Math.floor(at / 1000) * 1000;
}

/** Undefined: the list could not be read. */
async function listCalls(
  lead: Lead,
  delivery: Delivery,
  deferredTo: number | undefined,
  ports: ForwardPorts,
): Promise<ListedCall[] | undefined> {
  const from = (delivery.claim?.startedAt ?? lead.createdAt) - clockSkewMs;
  try {
    const connection = await ports.connect(delivery.account);
    const to = Math.max(ports.clock(), deferredTo ?? 0) + clockSkewMs;
    return await connection.findCalls?.({ phone: lead.phone, from, to });
  } catch (error) {
    // A secret that is not set is mended as soon as a provider is: what cannot be read until then comes to a person.
    if (!(error instanceof ProviderError) && !(error instanceof ConfigError)) throw error;
    const fault = error instanceof ProviderError ? error.fault : 'account';
    const details = { lead: lead.id, account: delivery.account, fault, reason: error.message };
    ports.log('list of calls not read', details);
    return undefined;
  }
}
