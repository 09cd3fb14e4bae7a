import { ProviderError } from '#shared/errors.ts';
import { type Delivery, type Event, reconcileWindow } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';
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
  const calls = await listCalls(lead, delivery, ports);
  if (calls === undefined)
    return { type: 'unclear', attempt, reason: "the provider's list of calls could not be read" };
  const owners = await Promise.all(calls.map((call) => ports.callOwners.ownerOf(ports.provider, call.providerId)));
  const candidates = calls.filter((_call, index) => owners[index] === undefined || owners[index] === lead.id);
  const own = candidates.find((call) => owners[calls.indexOf(call)] === lead.id);
  if (own !== undefined) return { type: 'found', attempt, providerId: own.providerId };
  const [call, ...others] = candidates;
  if (call === undefined) return { type: 'not-found', attempt, reason: "the call is not in the provider's list" };
  if (others.length > 0)
    return { type: 'ambiguous', attempt, reason: "several calls in the provider's list could be this one" };
  if (await hasRival(lead, call, ports))
    return { type: 'unclear', attempt, reason: "the call in the list may be another lead's" };
  const owner = await ports.callOwners.take(ports.provider, call.providerId, lead.id);
  if (owner !== lead.id)
    return { type: 'not-found', attempt, reason: "the call in the provider's list is another lead's" };
  return { type: 'found', attempt, providerId: call.providerId };
}

/**
 * Could this call be that of another lead for the same phone, placed without anybody knowing its id yet?
 * Asked after the list was read: a lead whose call is in it was let through before.
 */
async function hasRival(lead: Lead, call: ListedCall, { leads, phones }: ForwardPorts): Promise<boolean> {
  const others = (await phones.admitted(lead.phone)).filter((admission) => admission.lead !== lead.id);
  const rivals = await Promise.all(others.map((admission) => leads.get(admission.lead)));
  return rivals.some((rival) => rival?.deliveries.some((delivery) => mayHavePlaced(delivery, call.orderedAt)));
}

function mayHavePlaced({ kind, claim, endedAt }: Delivery, orderedAt: number): boolean {
  if (kind !== 'call' || claim === null) return false;
  const latest = (endedAt ?? claim.deadline) + reconcileWindow + clockSkewMs;
  return orderedAt >= claim.startedAt - clockSkewMs && orderedAt <= latest;
}

/** Undefined: the list could not be read. */
async function listCalls(lead: Lead, delivery: Delivery, ports: ForwardPorts): Promise<ListedCall[] | undefined> {
  const connection = await ports.connect(delivery.account);
  const from = (delivery.claim?.startedAt ?? lead.createdAt) - clockSkewMs;
  try {
    return await connection.findCalls?.({ phone: lead.phone, from, to: ports.clock() + clockSkewMs });
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error;
    ports.log('list of calls not read', {
      lead: lead.id,
      account: delivery.account,
      fault: error.fault,
      reason: error.message,
    });
    return undefined;
  }
}
