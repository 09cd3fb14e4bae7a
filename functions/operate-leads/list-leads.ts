import * as z from 'zod';
import type { Config } from '#shared/config/schema.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import { type Lead, leadState } from '#shared/lead/lead.ts';
import { type LeadKey, type LeadStore, sortKey } from '#shared/store/leads.ts';

const instant = z
  .string()
  .refine((text) => !Number.isNaN(Date.parse(text)), 'must be a date such as 2026-11-22 or 2026-11-22T15:00:00Z')
  .transform((text) => Date.parse(text));

const cursor = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .refine((sort) => /^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w-]+$/.test(sort), 'must be the cursor of an earlier answer');

const querySchema = z.strictObject({
  form: z.string().optional(),
  state: z.enum(['open', 'done', 'attention', 'spam']).optional(),
  from: instant.optional(),
  to: instant.optional(),
  cursor: cursor.optional(),
  limit: z.coerce.number().int().min(1).max(100).default(50),
});

type Query = z.output<typeof querySchema>;

/** Parses the query of `GET /api/leads`; `from` is inclusive, `to` exclusive. Throws InvalidRequestError 400. */
export function parseListQuery(query: Record<string, string | undefined>): Query {
  const result = querySchema.safeParse(query);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), code: 'invalid', message }));
  throw new InvalidRequestError(400, 'invalid_query', 'The query cannot be read.', { fields, cause: result.error });
}

/** So many rounds of reading in search of rare leads, before the answer goes out with what was found. */
const maxRounds = 10;

export type ListPorts = { leads: LeadStore; config: Pick<Config, 'forms'> };

/** Newest first. A page may be short although more follows: `cursor` is null only at the end. */
export async function listLeads(
  query: Query,
  { leads, config }: ListPorts,
): Promise<{ leads: Lead[]; cursor: string | null }> {
  const found: Lead[] = [];
  const from = query.from === undefined ? undefined : sortKey(query.from, '');
  let before = query.cursor ?? (query.to === undefined ? undefined : sortKey(query.to, ''));
  for (let round = 0; round < maxRounds; round++) {
    const range = { from, before, limit: query.limit };
    const pages = await Promise.all(partitions(query, config).map((where) => leads.page(where, range)));
    const keys = newestOf(pages.flat(), query.limit);
    const page = await leads.getMany(keys.map(({ id }) => id));
    for (const lead of page) {
      if (!matches(lead, query)) continue;
      found.push(lead);
      if (found.length === query.limit) return { leads: found, cursor: cursorAt(sortKey(lead.createdAt, lead.id)) };
    }
    if (keys.length < query.limit) return { leads: found, cursor: null };
    before = keys.at(-1)?.sort;
  }
  return { leads: found, cursor: before === undefined ? null : cursorAt(before) };
}

function partitions({ form, state }: Query, config: Pick<Config, 'forms'>) {
  if (state === 'attention' || state === 'spam') return [{ state }];
  return (form === undefined ? Object.keys(config.forms) : [form]).map((name) => ({ form: name }));
}

function newestOf(keys: LeadKey[], limit: number): LeadKey[] {
  return keys.sort((a, b) => (a.sort < b.sort ? 1 : -1)).slice(0, limit);
}

function matches(lead: Lead, { form, state }: Query): boolean {
  return (form === undefined || lead.form === form) && (state === undefined || leadState(lead) === state);
}

function cursorAt(sort: string): string {
  return Buffer.from(sort).toString('base64url');
}
