import { formDefaults } from '#shared/config/form-defaults.ts';
import type { Config } from '#shared/config/schema.ts';
import { type ApplyEvent, nudge } from '#shared/deliver.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import { type Event, step } from '#shared/lead/delivery-machine.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { SendNudge } from '#shared/queue.ts';
import type { BreakerStore } from '#shared/store/breakers.ts';
import type { LeadStore } from '#shared/store/leads.ts';
import type { PhoneGuard } from '#shared/store/phones.ts';
import { type Action, noSuchLead, notApplicable, spamNeedsRelease } from './refusals.ts';

export type ActPorts = {
  leads: LeadStore;
  breakers: BreakerStore;
  phones: PhoneGuard;
  applyEvent: ApplyEvent;
  sendNudge: SendNudge;
  config: Pick<Config, 'accounts' | 'forms'>;
  clock: Clock;
  log: Log;
};

/** Does it to every delivery that it applies to. Throws InvalidRequestError: 404 for no such lead, 409 saying why where it applies to none. */
export async function actOnLead(id: string, action: Action, ports: ActPorts): Promise<Lead> {
  const lead = (await ports.leads.get(id)) ?? noSuchLead();
  if (lead.spam !== undefined && action === 'retry') throw spamNeedsRelease();
  if (lead.spam !== undefined && action === 'release') return releaseSpam(lead, ports);
  const eventFor = ({ attempts }: Delivery): Event =>
    action === 'cancel' ? { type: 'cancel', reason: 'cancelled by the operator' } : { type: 'release', attempts };
  const applicable = lead.deliveries.filter(
    (delivery) => stepOf(delivery, eventFor(delivery), ports.clock()) !== undefined,
  );
  if (applicable.length === 0) throw notApplicable(lead, action);
  if (action !== 'cancel') await closeBreakers(applicable, ports.breakers);
  if (action === 'release' && applicable.some(({ kind }) => kind === 'call')) await vouchFor(lead, ports);
  const results = [];
  for (const delivery of applicable) results.push(await ports.applyEvent(id, delivery.id, eventFor(delivery)));
  const now = (await ports.leads.get(id)) ?? noSuchLead();
  if (!results.some((result) => result?.applied)) throw notApplicable(now, action);
  ports.log(`lead ${action}`, { lead: id });
  return now;
}

async function closeBreakers(deliveries: Delivery[], breakers: BreakerStore) {
  for (const account of new Set(deliveries.flatMap(({ route }) => route))) await breakers.close(account);
}

/** Counts the lead among those that may ring this phone, however many there are. */
async function vouchFor({ id, form, phone, createdAt, key }: Lead, { phones, config }: ActPorts) {
  const { perHours } = (config.forms[form] ?? formDefaults).phoneLimit;
  const admission = { lead: id, form, windowFrom: key.source === 'window' ? createdAt : null };
  await phones.admit(phone, admission, { calls: Number.POSITIVE_INFINITY, perHours });
}

/** Takes the mark away and starts the deliveries' clock anew, in one write. */
async function releaseSpam(spamLead: Lead, ports: ActPorts): Promise<Lead> {
  const { leads, sendNudge, config, clock, log } = ports;
  await closeBreakers(spamLead.deliveries, ports.breakers);
  if (spamLead.deliveries.some(({ kind }) => kind === 'call')) await vouchFor(spamLead, ports);
  const { id } = spamLead;
  const { lead = noSuchLead(), written } = await leads.change(id, ({ spam, ...current }) => {
    if (spam === undefined) return undefined;
    const restarted = current.deliveries.map(
      (delivery) => stepOf(delivery, { type: 'restart' }, clock())?.delivery ?? delivery,
    );
    return { ...current, deliveries: restarted };
  });
  if (!written) return lead;
  log('lead release', { lead: id });
  for (const { id: delivery, account } of lead.deliveries.filter(({ state }) => state === 'READY')) {
    await nudge(sendNudge, log, config.accounts[account]?.provider ?? '', id, delivery);
  }
  return lead;
}

/** What the operator does depends on no form's times. */
function stepOf(delivery: Delivery, event: Event, now: number) {
  return step(delivery, event, now, formDefaults);
}
