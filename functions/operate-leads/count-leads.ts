import * as z from 'zod';
import { leadState } from '#shared/lead/lead.ts';
import type { ApiCounts, ApiDayCount } from '#shared/operator-api.ts';
import { toCursor } from './cursor.ts';
import { type ListPorts, leadFilter, listLeads, maxLimit } from './list-leads.ts';
import { readQuery } from './read-query.ts';

const { form, from, to, cursor } = leadFilter;
const querySchema = z.strictObject({ form, from, to, cursor });

/** Counts at most `maxLimit` leads, newest first; a day at a page's edge comes in both pages, to be added up. */
export async function countLeads(query: Record<string, string | undefined>, ports: ListPorts): Promise<ApiCounts> {
  const { leads, next } = await listLeads({ ...readQuery(querySchema, query), limit: maxLimit }, ports);
  const days = new Map<string, ApiDayCount>();
  for (const lead of leads) {
    const day = new Date(lead.createdAt).toISOString().slice(0, 10);
    const count = days.get(day) ?? { day, open: 0, done: 0, attention: 0, spam: 0 };
    count[leadState(lead)]++;
    days.set(day, count);
  }
  return { days: [...days.values()], cursor: toCursor(next) };
}
