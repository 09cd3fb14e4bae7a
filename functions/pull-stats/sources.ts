import type { Config } from '#shared/config/schema.ts';
import { ConfigError } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Connection, Provider } from '#shared/providers/provider.ts';
import type { Call } from '#shared/stats/call.ts';
import { callSet, leadSet } from '#shared/stats/data-set.ts';
import type { ListedLead } from '#shared/stats/listed-lead.ts';
import { isOdd } from '#shared/stats/odd-record.ts';
import type { Outcomes } from '#shared/stats/outcomes.ts';
import { createIsOwn } from './is-own.ts';
import type { Source } from './pull-day.ts';
import { type ErasedPorts, withoutErased } from './without-erased.ts';

export type SourcePorts = ErasedPorts & {
  provider: Pick<Provider, 'name' | 'listKey' | 'accountOf' | 'hasStats'>;
  config: Pick<Config, 'accounts'>;
  /** Which lead each of these calls belongs to, in order; tells the leads what became of them. */
  join: Outcomes['join'];
  log: Log;
};

/** The calls that an account lists. Throws ConfigError where it lists none. */
export function callsOf(account: string, { listCalls }: Connection, ports: SourcePorts): Source<Call> {
  if (listCalls === undefined) throw new ConfigError(`the account "${account}" lists no calls`);
  return {
    set: callSet,
    list: listCalls,
    isOwn: createIsOwn(ports.provider, ports.config.accounts, account),
    async join(calls, { provider, account }, before) {
      const known = calls.filter(({ callId }) => !isOdd(callId));
      const found = await ports.join(provider, known);
      const owners = new Map(known.map(({ callId }, index) => [callId, found[index]]));
      const joined = calls.map((call) => {
        const [owner, known] = [owners.get(call.callId), before.get(call.callId)];
        const leadId = owner?.lead ?? known?.leadId ?? null;
        const leadAcceptedAt = owner?.acceptedAt ?? (leadId === known?.leadId ? known?.leadAcceptedAt : null) ?? null;
        return { ...call, provider, account, leadId, leadAcceptedAt };
      });
      return withoutErased(callSet, joined, ports);
    },
    note: (calls) => reportUnknown(calls, account, ports),
  };
}

/** A status that no document tells of: named as far as it can be a code, for whoever has to ask the provider what it means. */
function reportUnknown(calls: readonly Call[], account: string, { log }: SourcePorts): void {
  const statuses = calls.flatMap(({ outcome, status }) => (outcome === 'unknown' && status !== null ? [status] : []));
  if (statuses.length === 0) return;
  const codes = [...new Set(statuses)].filter((status) => /^[\d/]{1,20}$/.test(status));
  log('statuses not known', { account, codes: codes.join(' ') }, { UnknownStatuses: statuses.length });
}

/** The leads in an account's journal; undefined where the provider keeps none. */
export function leadsOf(
  account: string,
  { listLeads }: Connection,
  ports: SourcePorts,
): Source<ListedLead> | undefined {
  if (listLeads === undefined) return undefined;
  return {
    set: leadSet,
    list: listLeads,
    isOwn: createIsOwn(ports.provider, ports.config.accounts, account),
    async join(listed, { provider, account }, before) {
      const known = await knownLeads(
        listed.flatMap(({ requestNumber }) => requestNumber ?? []),
        ports,
      );
      const joined = listed.map((lead) => {
        const isCopy = lead.requestNumber !== null && known.has(lead.requestNumber);
        return {
          ...lead,
          provider,
          account,
          leadId: isCopy ? lead.requestNumber : (before.get(lead.requestId)?.leadId ?? null),
        };
      });
      return withoutErased(leadSet, joined, ports);
    },
    note() {},
  };
}

/** A lead's id as key.ts makes it: other senders number their leads otherwise. */
const leadIdLook = /^[0-9a-f]{32}$/;
const batchSize = 100;

/** Those of these numbers that are ids of leads here. */
async function knownLeads(numbers: string[], { leads }: ErasedPorts): Promise<Set<string>> {
  const ids = [...new Set(numbers)].filter((number) => leadIdLook.test(number));
  const known = new Set<string>();
  for (let at = 0; at < ids.length; at += batchSize) {
    for (const { id } of await leads.getMany(ids.slice(at, at + batchSize))) known.add(id);
  }
  return known;
}
