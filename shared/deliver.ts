import { formDefaults } from './config/form-defaults.ts';
import type { Config } from './config/schema.ts';
import type { Delivery } from './lead/delivery.ts';
import { type Effect, type Event, step } from './lead/delivery-machine.ts';
import type { Lead } from './lead/lead.ts';
import type { Log } from './log.ts';
import type { Clock } from './ports.ts';
import type { SendNudge } from './queue.ts';
import type { LeadStore, SeenLead } from './store/leads.ts';

export type Applied = SeenLead & { delivery: Delivery; applied: boolean };

/**
 * Lets something happen to a delivery: decides by the state machine, stores, then nudges and raises alarms. Undefined: no such delivery.
 * Who has seen the lead already, be it as what was applied to it before, saves a read.
 */
export type ApplyEvent = (
  leadId: string,
  deliveryId: string,
  event: Event,
  seen?: SeenLead,
) => Promise<Applied | undefined>;

export type DeliverPorts = {
  leads: LeadStore;
  config: Pick<Config, 'accounts' | 'forms'>;
  sendNudge: SendNudge;
  clock: Clock;
  log: Log;
};

export function createApplyEvent({ leads, config, sendNudge, clock, log }: DeliverPorts): ApplyEvent {
  const apply: ApplyEvent = async (leadId, deliveryId, event, seen) => {
    let effects: Effect[] = [];
    const decide = (current: Lead) => {
      const delivery = findDelivery(current, deliveryId);
      const result = delivery && step(delivery, event, clock(), config.forms[current.form] ?? formDefaults);
      if (result === undefined) return undefined;
      effects = result.effects;
      const deliveries = current.deliveries.map((other) => (other.id === deliveryId ? result.delivery : other));
      return { ...current, deliveries };
    };
    const { lead, version, written } = await leads.change(leadId, decide, seen);
    const delivery = lead && findDelivery(lead, deliveryId);
    if (lead === undefined || delivery === undefined) return undefined;
    if (written) for (const effect of effects) await carryOut(effect, lead, delivery);
    return { lead, version, delivery, applied: written };
  };

  async function carryOut(effect: Effect, lead: Lead, delivery: Delivery) {
    if (effect.type === 'alarm') return raiseAlarm(log, lead.id, delivery);
    const account = config.accounts[delivery.account];
    if (account === undefined) return void (await apply(lead.id, delivery.id, withoutAccount(delivery)));
    await nudge(sendNudge, log, account.provider, lead.id, delivery.id, effect.delay);
  }

  return apply;
}

/** What follows for a delivery that has not been placed when its account is no longer in the config: it can be neither sent nor looked up. */
export function withoutAccount({ account, state, attempts }: Delivery): Event {
  const reason = `the account "${account}" is no longer in the config`;
  return state === 'UNKNOWN' ? { type: 'unknowable', attempt: attempts, reason } : { type: 'hold', account, reason };
}

/** Tells that a delivery waits for a person, or was given up. */
export function raiseAlarm(log: Log, lead: string, { id, account, state, reason }: Delivery): void {
  const metric = state === 'EXPIRED' ? 'ExpiredDeliveries' : 'HeldDeliveries';
  log('delivery needs attention', { lead, delivery: id, account, state, reason: reason ?? undefined }, { [metric]: 1 });
}

/** Sends a nudge. It may get lost: the table knows what is due, and the sweeper nudges again. */
export async function nudge(
  sendNudge: SendNudge,
  log: Log,
  provider: string,
  lead: string,
  delivery: string,
  delay = 0,
) {
  try {
    await sendNudge(provider, { lead, delivery }, delay);
  } catch (error) {
    log('nudge not sent', { lead, delivery, error: error instanceof Error ? error.name : 'unknown' });
  }
}

export function findDelivery(lead: Lead, id: string): Delivery | undefined {
  return lead.deliveries.find((delivery) => delivery.id === id);
}
