import type { Config } from '#shared/config/schema.ts';
import { eraseLead as erasedForm } from '#shared/lead/erased-lead.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { isRehearsal } from '#shared/lead/rehearsal.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import { dayAt } from '#shared/stats/day.ts';
import { listedAccounts } from '#shared/stats/listed-accounts.ts';
import type { SendPull } from '#shared/stats/pull-queue.ts';
import type { CallOwners } from '#shared/store/calls.ts';
import type { ErasedPhones } from '#shared/store/erased-phones.ts';
import type { ErasureStore } from '#shared/store/erasures.ts';
import type { LeadStore } from '#shared/store/leads.ts';
import { busyLead, noSuchLead } from './refusals.ts';

export type ErasePorts = {
  leads: LeadStore;
  callOwners: Pick<CallOwners, 'erase'>;
  erasedPhones: Pick<ErasedPhones, 'mark' | 'hasher'>;
  erasures: Pick<ErasureStore, 'ask'>;
  sendPull: SendPull;
  config: Pick<Config, 'accounts'>;
  clock: Clock;
  log: Log;
};

/** By how much a provider's clock may be behind ours: its call may seem to come before the lead. */
const clockSkewMs = 10 * 60_000;

/**
 * Takes a lead's personal data away for good: from its row at once, from the exports as soon as those who write them get to it.
 * Throws InvalidRequestError: 404 for no such lead, 409 while a provider is asked.
 */
export async function eraseLead(id: string, ports: ErasePorts): Promise<void> {
  const { leads, clock, log } = ports;
  const lead = (await leads.get(id)) ?? noSuchLead();
  if (erasedForm(lead, clock()) === undefined) throw busyLead();
  // All else comes first: as long as the lead is there, what was cut off can be asked for again.
  if (!isRehearsal(lead)) await eraseStatistics(lead, ports);
  const outcome = await leads.erase(id);
  if (outcome === 'missing') noSuchLead();
  if (outcome === 'busy') throw busyLead();
  log('lead erased', { lead: id });
}

/** Marks the phone, so that no pull brings its calls back, and asks each account for what it has of it. */
async function eraseStatistics(lead: Lead, ports: ErasePorts): Promise<void> {
  const { callOwners, erasedPhones, erasures, sendPull, config, clock } = ports;
  const span = { from: lead.createdAt - clockSkewMs, until: clock() };
  await erasedPhones.mark(lead.phone, span);
  for (const { provider, callId } of callsOf(lead, config)) await callOwners.erase(provider, callId, lead.id);
  const phone = (await erasedPhones.hasher())(lead.phone);
  for (const account of listedAccounts(config)) {
    await erasures.ask(account, { lead: lead.id, phone, next: dayAt(span.from), to: dayAt(span.until) });
    await sendPull({ account });
  }
}

/** The calls that may be known to be the lead's, under each provider that may have made them. */
function callsOf({ deliveries, calls }: Lead, { accounts }: Pick<Config, 'accounts'>) {
  const ordered = deliveries.filter(({ kind }) => kind === 'call');
  const ids = new Set([...ordered.flatMap(({ providerId }) => providerId ?? []), ...calls.map(({ callId }) => callId)]);
  const providers = new Set(
    ordered.flatMap(({ route }) => route.flatMap((account) => accounts[account]?.provider ?? [])),
  );
  return [...providers].flatMap((provider) => [...ids].map((callId) => ({ provider, callId })));
}
