import { findDelivery } from '#shared/deliver.ts';
import { ConfigError } from '#shared/errors.ts';
import { isDue } from '#shared/lead/delivery.ts';
import type { Wait } from '#shared/ports.ts';
import type { Connection } from '#shared/providers/provider.ts';
import type { Nudge } from '#shared/queue.ts';
import { type ForwardPorts, forwardLead } from './forward-lead.ts';

/** A delivery is claimed so long before its slot: enough to write the claim, little enough to leave few claims open. */
const headStartMs = 500;

/**
 * Forwards the deliveries of one batch. Where a provider paces its requests, slots for all of them are reserved at once and each
 * delivery waits for its own, unclaimed. Resolves with how each ended, in order.
 */
export async function forwardBatch(
  nudges: Nudge[],
  remainingMs: () => number,
  ports: ForwardPorts & { wait: Wait },
): Promise<PromiseSettledResult<void>[]> {
  const connections = new Map<string, Promise<Connection>>();
  const connect = (account: string) => {
    const connection = connections.get(account) ?? ports.connect(account);
    connections.set(account, connection);
    return connection;
  };
  const slots = nudges.length > 1 ? await reserveSlots(nudges, connect, ports) : [];
  const forward = async (nudge: Nudge, index: number) => {
    const early = (slots[index] ?? 0) - headStartMs - ports.clock();
    if (early > 0) await ports.wait(early);
    await forwardLead(nudge, remainingMs, { ...ports, connect });
  };
  return Promise.allSettled(nudges.map(forward));
}

/** The instant at which each delivery may leave, where its account paces requests; one write for each such account. */
async function reserveSlots(nudges: Nudge[], connect: (account: string) => Promise<Connection>, ports: ForwardPorts) {
  const accounts = await Promise.all(nudges.map((nudge) => accountToCall(nudge, ports)));
  const slots: (number | undefined)[] = [];
  for (const account of new Set(accounts)) {
    if (account === undefined) continue;
    const indexes = accounts.flatMap((other, index) => (other === account ? [index] : []));
    const prepared = await prepare(account, indexes.length, connect);
    indexes.forEach((index, order) => {
      slots[index] = prepared?.leaveAt[order];
    });
  }
  return slots;
}

async function prepare(account: string, count: number, connect: (account: string) => Promise<Connection>) {
  try {
    return await (await connect(account)).prepare?.(count);
  } catch (error) {
    // A secret that is not set: each delivery will meet it again, and treat it as the account's fault.
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** The account that this nudge is going to call; undefined where it will not. */
async function accountToCall(
  { lead: id, delivery: deliveryId }: Nudge,
  { leads, config, provider, clock }: ForwardPorts,
) {
  const seen = await leads.glance(id);
  const delivery = seen && findDelivery(seen.lead, deliveryId);
  const isReady = delivery?.state === 'READY' && isDue(delivery, clock());
  return isReady && config.accounts[delivery.account]?.provider === provider ? delivery.account : undefined;
}
