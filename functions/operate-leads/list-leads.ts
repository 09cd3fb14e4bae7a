import * as z from 'zod';
import type { Config } from '#shared/config/schema.ts';
import { type Lead, leadState } from '#shared/lead/lead.ts';
import type { KnownForms } from '#shared/store/known-forms.ts';
import { type LeadKey, type LeadStore, sortKey } from '#shared/store/leads.ts';
import { cursorSchema } from './cursor.ts';

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date such as 2026-11-22 or 2026-11-22T15:00:00Z')
  .transform((text) => Date.parse(text));

/** The last digits of a number as people write it; the 8 that Russians dial counts as 7. */
const phoneEnd = z
  .string()
  .transform((text) => text.replaceAll(/\D/g, '').replace(/^8(?=\d{10}$)/, '7'))
  .refine((digits) => digits.length >= 4, 'must have at least the last four digits');

/** `from` is inclusive, `to` exclusive. */
export const leadFilter = {
  form: z.string().optional(),
  state: z.enum(['open', 'done', 'attention', 'spam']).optional(),
  phone: phoneEnd.optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: cursorSchema.optional(),
};

export type LeadQuery = z.output<z.ZodObject<typeof leadFilter>> & { limit: number };

/** Most leads that one request reads, and that one answer holds: whoever wants more goes on with the cursor. */
export const maxLimit = 1_000;
const chunk = 100;
/** A Lambda's answer may have 6 MB. */
const maxBytes = 4_000_000;

export type ListPorts = {
  leads: LeadStore;
  config: Pick<Config, 'forms'>;
  knownForms: Pick<KnownForms, 'all'>;
};

/** Newest first. A page may be short, or empty, although more follows: `next` is null only at the end. */
export async function listLeads(query: LeadQuery, ports: ListPorts): Promise<{ leads: Lead[]; next: string | null }> {
  const { leads } = ports;
  const found: Lead[] = [];
  const nextAfter = (lead: Lead) => ({ leads: found, next: sortKey(lead.createdAt, lead.id) });
  const from = query.from === undefined ? undefined : sortKey(query.from, '');
  const limit = (query.state ?? query.phone) ? chunk : Math.min(chunk, query.limit);
  const places = await partitions(query, ports);
  let before = query.cursor ?? (query.to === undefined ? undefined : sortKey(query.to, ''));
  let bytes = 0;
  for (let read = 0; read < maxLimit; read += limit) {
    const range = { from, before, limit };
    const pages = await Promise.all(places.map((where) => leads.page(where, range)));
    const keys = newestOf(pages.flat(), limit);
    // An index may name a lead where it never came to stand. Sort keys once held the whole id.
    const isNamed = ({ id, createdAt }: Lead) =>
      keys.some((key) => key.id === id && key.sort.startsWith(sortKey(createdAt, id)));
    for (const lead of await leads.getMany(keys.map(({ id }) => id))) {
      if (!isNamed(lead) || !matches(lead, query)) continue;
      bytes += Buffer.byteLength(JSON.stringify(lead));
      const last = found.at(-1);
      if (last !== undefined && bytes > maxBytes) return nextAfter(last);
      found.push(lead);
      if (found.length === query.limit) return nextAfter(lead);
    }
    if (keys.length < limit) return { leads: found, next: null };
    before = keys.at(-1)?.sort;
  }
  return { leads: found, next: before ?? null };
}

async function partitions({ form, state }: LeadQuery, ports: ListPorts) {
  if (state === 'attention' || state === 'spam') return [{ state }];
  return (form === undefined ? await formsOf(ports) : [form]).map((name) => ({ form: name }));
}

/** Those of the config and those that were in it once: a lead outlives its form. */
export async function formsOf({ config, knownForms }: Omit<ListPorts, 'leads'>): Promise<string[]> {
  return [...new Set([...Object.keys(config.forms), ...(await knownForms.all())])].sort();
}

function newestOf(keys: LeadKey[], limit: number): LeadKey[] {
  return keys.sort((a, b) => (a.sort < b.sort ? 1 : -1)).slice(0, limit);
}

function matches(lead: Lead, { form, state, phone }: LeadQuery): boolean {
  return (
    (form === undefined || lead.form === form) &&
    (state === undefined || leadState(lead) === state) &&
    (phone === undefined || lead.phone.endsWith(phone))
  );
}
