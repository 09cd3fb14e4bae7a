import type { Config } from '../config/schema.ts';
import type { ApplyEvent } from '../deliver.ts';
import type { CallOutcome } from '../lead/lead.ts';
import { type CallOwners, erasedOwner } from '../store/calls.ts';
import type { LeadStore } from '../store/leads.ts';
import type { Admission, PhoneGuard } from '../store/phones.ts';
import type { ProviderCall } from './call.ts';
import { isUnknown, matchLead, mayBeOfLastAttempt } from './match-lead.ts';
import { mergeCall, type NewsSource, toOutcome } from './merge-call.ts';

/** The lead that a call belongs to, and when its form was accepted (milliseconds since 1970 UTC); null of one that is no more. */
export type Joined = { lead: string; acceptedAt: number | null };

/** Brings news of calls to the leads that caused them. */
export type Outcomes = {
  /** The lead of each call, in order, null where there is none, `erasedOwner` where it is no more; each of them is told. */
  join(provider: string, calls: ProviderCall[]): Promise<(Joined | null)[]>;
  /** News of a single call. When it belongs to no lead yet it is kept for whoever takes it; null then. */
  report(provider: string, call: ProviderCall): Promise<string | null>;
  /** Tells a lead what hooks reported of its call before the call was known to be its. */
  adopt(provider: string, lead: string, reports: CallOutcome[]): Promise<void>;
};

export type OutcomePorts = {
  leads: LeadStore;
  callOwners: CallOwners;
  phones: PhoneGuard;
  applyEvent: ApplyEvent;
  config: Pick<Config, 'accounts' | 'forms'>;
};

const batchSize = 100;

export function createOutcomes(ports: OutcomePorts): Outcomes {
  const { leads, callOwners, phones, applyEvent, config } = ports;

  /** Writes the news on the lead, which it resolves with. A delivery of which nobody knew whether it was placed now is, if this can be the call of its last attempt. */
  const tell = async (provider: string, leadId: string, news: CallOutcome, source: NewsSource) => {
    const { lead } = await leads.change(leadId, (current) => mergeCall(current, news, source));
    const delivery = lead?.deliveries.find(({ kind }) => kind === 'call');
    if (delivery === undefined || !isUnknown(delivery)) return lead;
    if (!mayBeOfLastAttempt(provider, news, delivery, config.accounts)) return lead;
    await applyEvent(leadId, delivery.id, { type: 'found', attempt: delivery.attempts, providerId: news.callId });
    return lead;
  };

  const claimByPhone = async (provider: string, call: ProviderCall, admissions: readonly Admission[]) => {
    if (admissions.length === 0) return undefined;
    const rivals = await leads.tracesOf(admissions.map(({ lead }) => lead));
    const match = matchLead(provider, call, rivals, config);
    return match && (await callOwners.take(provider, call.callId, match.lead.id)).owner;
  };

  const joinBatch = async (provider: string, calls: ProviderCall[], source: NewsSource) => {
    const owners = await callOwners.ownersOf(
      provider,
      calls.map(({ callId }) => callId),
    );
    const nobodys = calls.filter(({ callId, startedAt }) => !owners.has(callId) && startedAt !== null);
    const admitted = await phones.admittedTo(nobodys.flatMap(({ phone }) => phone ?? []));
    const found: (Joined | null)[] = [];
    for (const call of calls) {
      const admissions = call.startedAt === null ? [] : (admitted.get(call.phone ?? '') ?? []);
      const lead = owners.get(call.callId) ?? (await claimByPhone(provider, call, admissions));
      const isTold = lead !== undefined && lead !== erasedOwner;
      const told = isTold ? await tell(provider, lead, toOutcome(call), source) : undefined;
      found.push(lead === undefined ? null : { lead, acceptedAt: told?.createdAt ?? null });
    }
    return found;
  };

  return {
    async join(provider, calls) {
      const found: (Joined | null)[] = [];
      for (let at = 0; at < calls.length; at += batchSize) {
        found.push(...(await joinBatch(provider, calls.slice(at, at + batchSize), 'list')));
      }
      return found;
    },

    async report(provider, call) {
      const [joined = null] = await joinBatch(provider, [call], 'hook');
      if (joined !== null) return joined.lead;
      const news = toOutcome(call);
      const owner = await callOwners.report(provider, news);
      if (owner === undefined) return null;
      await tell(provider, owner, news, 'hook');
      return owner;
    },

    async adopt(provider, lead, reports) {
      for (const news of reports) await tell(provider, lead, news, 'hook');
    },
  };
}
