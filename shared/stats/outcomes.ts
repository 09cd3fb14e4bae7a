import type { Config } from '../config/schema.ts';
import type { ApplyEvent } from '../deliver.ts';
import type { Lead } from '../lead/lead.ts';
import type { Clock, NewNonce } from '../ports.ts';
import type { CallOwners } from '../store/calls.ts';
import { change } from '../store/change.ts';
import type { LeadStore } from '../store/leads.ts';
import type { PhoneGuard } from '../store/phones.ts';
import type { Row, Table } from '../store/table.ts';
import type { ProviderCall } from './call.ts';
import { isUnknown, matchLead } from './match-lead.ts';
import { mergeCall, type NewsSource, toOutcome } from './merge-call.ts';

/** Brings news of calls to the leads that caused them. */
export type Outcomes = {
  /** The lead of each call, in order, null where there is none; each of them is told. */
  join(provider: string, calls: ProviderCall[]): Promise<(string | null)[]>;
  /** News of a single call. When it belongs to no lead yet it is kept for `adopt`; null then. */
  report(provider: string, call: ProviderCall): Promise<string | null>;
  /** Tells a lead what was reported of its call before the call was known to be its. */
  adopt(provider: string, callId: string, lead: string): Promise<void>;
};

export type OutcomePorts = {
  table: Table;
  leads: LeadStore;
  callOwners: CallOwners;
  phones: PhoneGuard;
  applyEvent: ApplyEvent;
  config: Pick<Config, 'accounts'>;
  clock: Clock;
  newNonce: NewNonce;
};

const batchSize = 100;
const keptMs = 7 * 86_400_000;

export function createOutcomes(ports: OutcomePorts): Outcomes {
  const { table, leads, callOwners, phones, applyEvent, config, clock } = ports;
  const reportKey = (provider: string, callId: string) => `report#${provider}#${callId}`;

  /** Writes the news on the lead. A delivery of which nobody knew whether it was placed now is. */
  const tell = async (leadId: string, call: ProviderCall, source: NewsSource) => {
    const { lead } = await leads.change(leadId, (current) => mergeCall(current, toOutcome(call), source));
    const delivery = lead?.deliveries.find(({ kind }) => kind === 'call');
    if (delivery === undefined || !isUnknown(delivery)) return;
    await applyEvent(leadId, delivery.id, { type: 'found', attempt: delivery.attempts, providerId: call.callId });
  };

  const claimByPhone = async (provider: string, call: ProviderCall): Promise<string | undefined> => {
    if (call.phone === null || call.startedAt === null) return undefined;
    const admissions = await phones.admitted(call.phone);
    const rivals: Lead[] = admissions.length === 0 ? [] : await leads.getMany(admissions.map(({ lead }) => lead));
    const match = matchLead(provider, call, rivals, config.accounts);
    return match && callOwners.take(provider, call.callId, match.lead.id);
  };

  const joinBatch = async (provider: string, calls: ProviderCall[], source: NewsSource) => {
    const owners = await callOwners.ownersOf(
      provider,
      calls.map(({ callId }) => callId),
    );
    const found: (string | null)[] = [];
    for (const call of calls) {
      const lead = owners.get(call.callId) ?? (await claimByPhone(provider, call));
      if (lead !== undefined) await tell(lead, call, source);
      found.push(lead ?? null);
    }
    return found;
  };

  return {
    async join(provider, calls) {
      const found: (string | null)[] = [];
      for (let at = 0; at < calls.length; at += batchSize) {
        found.push(...(await joinBatch(provider, calls.slice(at, at + batchSize), 'list')));
      }
      return found;
    },

    async report(provider, call) {
      const [lead = null] = await joinBatch(provider, [call], 'hook');
      if (lead !== null) return lead;
      await change<{ calls: ProviderCall[] }>(ports, reportKey(provider, call.callId), (current) => {
        const calls = [...(current?.calls ?? []), call].slice(-maxReports);
        return { value: { calls }, expiresAt: clock() + keptMs };
      });
      // Given to a lead between the two: the news must not wait for the next pull.
      const owner = await callOwners.ownerOf(provider, call.callId);
      if (owner === undefined) return null;
      await tell(owner, call, 'hook');
      return owner;
    },

    async adopt(provider, callId, lead) {
      const row = (await table.get(reportKey(provider, callId))) as Row<{ calls: ProviderCall[] }> | undefined;
      for (const call of row?.value.calls ?? []) await tell(lead, call, 'hook');
    },
  };
}

/** More than a call has stages; the rest is repetition. */
const maxReports = 10;
