import type { Config } from '#shared/config/schema.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import type { LeadStore } from '#shared/store/leads.ts';
import { listLeads, parseListQuery } from './list-leads.ts';
import { presentLead } from './present.ts';

export type OperateRequest = { id?: string | undefined; query: Record<string, string | undefined> };
export type OperatePorts = { leads: LeadStore; config: Pick<Config, 'forms' | 'accounts'> };

/** One lead by its id, or a page of the list. Throws InvalidRequestError. */
export async function operateLeads({ id, query }: OperateRequest, ports: OperatePorts) {
  const { accounts } = ports.config;
  if (id === undefined) {
    const { leads, cursor } = await listLeads(parseListQuery(query), ports);
    return { leads: leads.map((lead) => presentLead(lead, accounts)), cursor };
  }
  const lead = await ports.leads.get(id);
  if (lead === undefined) throw new InvalidRequestError(404, 'not_found', 'There is no such lead.');
  return presentLead(lead, accounts);
}
