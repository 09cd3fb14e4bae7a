import { type ErasedLead, eraseLead, type LeadTrace } from '../lead/erased-lead.ts';
import type { Lead } from '../lead/lead.ts';
import { leadState } from '../lead/lead.ts';
import type { Clock, NewNonce } from '../ports.ts';
import { change, type Draft, newWriter, type Seen } from './change.ts';
import type { Row, RowKey, Table } from './table.ts';

/** A lead with the version of its row: whoever writes next begins from here, without reading. */
export type SeenLead = { lead: Lead; version: number };

export type LeadStore = {
  /** One conditional put. When the id is taken, resolves with the lead that has it and `created: false`. */
  create(lead: Lead): Promise<{ lead: Lead; created: boolean }>;
  get(id: string): Promise<Lead | undefined>;
  /** For a change that follows. */
  see(id: string): Promise<SeenLead | undefined>;
  /** The same for half the price: it may be older than the last write, or not be there yet. */
  glance(id: string): Promise<SeenLead | undefined>;
  /** Those that exist, each once, in the order asked for. */
  getMany(ids: string[]): Promise<Lead[]>;
  /** What tells whose a call may be, of those that exist and of those that were erased. */
  tracesOf(ids: string[]): Promise<LeadTrace[]>;
  /**
   * Applies a pure decision to the stored lead, again if somebody else was faster; undefined: nothing to write.
   * With `seen` it need not be read first.
   */
  change(
    id: string,
    decide: (lead: Lead) => Lead | undefined,
    seen?: SeenLead,
  ): Promise<{ lead: Lead | undefined; version: number; written: boolean }>;
  /** Takes the personal data away for good; `busy`: not now, for a provider is being asked or looked up. What stays keeps the id taken and is shown to nobody. */
  erase(id: string): Promise<'erased' | 'busy' | 'missing'>;
  /** Leads that have to be looked at by now, the most overdue first, from after this sort key on. */
  due(now: number, limit: number, after?: string): Promise<LeadKey[]>;
  /** Leads of a form, or all that need attention or are spam; newest first, before the given sort key. */
  page(where: { form: string } | { state: 'attention' | 'spam' }, range: PageRange): Promise<LeadKey[]>;
};

export type LeadKey = { id: string; sort: string };

export type PageRange = { from?: string | undefined; before?: string | undefined; limit: number };

type Ports = {
  table: Table;
  newNonce: NewNonce;
  clock: Clock;
  /** How long a lead of this form is kept after its end, in milliseconds. */
  retention: (form: string) => number;
};

export function createLeadStore({ table, newNonce, clock, retention }: Ports): LeadStore {
  const draft = (lead: Lead): Draft<Lead> => ({
    value: lead,
    ...positions(lead),
    ...(isOver(lead) ? { expiresAt: clock() + retention(lead.form) } : {}),
  });

  /** A table takes its time to remove what has expired, or leaves it there. */
  const isKept = (row: Row | undefined): row is Row =>
    row !== undefined && (row.expiresAt === undefined || row.expiresAt > clock());

  const toSeen = (row: Row | undefined): SeenLead | undefined => {
    const lead = isKept(row) ? visible(row.value as Stored) : undefined;
    return row && lead ? { lead, version: row.version } : undefined;
  };

  const rowsOf = async (given: string[]): Promise<Row[]> => {
    // An index that lags may name a lead twice, and a table refuses to be asked twice for one key.
    const keys = [...new Set(given)].map(keyOf);
    const rows = new Map((await table.getMany(keys)).map((row) => [row.pk, row]));
    return keys.flatMap((key) => rows.get(key) ?? []);
  };

  return {
    async create(lead) {
      const writer = newWriter(newNonce);
      let stored: Row | undefined;
      do {
        const version = (stored?.version ?? 0) + 1;
        if (await table.put({ ...draft(lead), pk: keyOf(lead.id), version, writer })) return { lead, created: true };
        stored = await table.get(keyOf(lead.id));
      } while (!isKept(stored));
      // Erased meanwhile: the visitor's first answer stands.
      if (isErased(stored.value)) return { lead, created: false };
      return { lead: stored.value as Lead, created: stored.writer === writer };
    },
    async get(id) {
      return toSeen(await table.get(keyOf(id)))?.lead;
    },
    see: async (id) => toSeen(await table.get(keyOf(id))),
    glance: async (id) => toSeen(await table.glance(keyOf(id))),
    getMany: async (ids) => (await rowsOf(ids)).flatMap((row) => toSeen(row)?.lead ?? []),
    tracesOf: async (ids) => (await rowsOf(ids)).map(({ value }) => value as LeadTrace),
    async change(id, decide, seen) {
      const decideStored = (stored: Stored) => {
        const current = visible(stored);
        const next = current && decide(current);
        return next && draft({ ...next, updatedAt: clock() });
      };
      const known: Seen<Lead | ErasedLead> | undefined = seen && { value: seen.lead, version: seen.version };
      const { value, version, written } = await change({ table, newNonce }, keyOf(id), decideStored, known);
      return { lead: visible(value), version, written };
    },
    async erase(id) {
      let refusal: 'busy' | 'missing' = 'missing';
      const { written } = await change<Lead | ErasedLead>({ table, newNonce }, keyOf(id), (stored) => {
        const current = visible(stored);
        const value = current && eraseLead(current, clock());
        refusal = current === undefined ? 'missing' : 'busy';
        if (current === undefined || value === undefined) return undefined;
        return { value, expiresAt: clock() + retention(current.form) };
      });
      return written ? 'erased' : refusal;
    },
    async due(now, limit, after) {
      const before = sortKey(now + 1, '');
      // No sort key lies between one and the same with a space behind it.
      const from = after === undefined ? {} : { from: `${after} ` };
      const keys = await table.query({ index: 'work', partition: 'due', ...from, before, order: 'ascending', limit });
      return keys.map(toKey);
    },
    async page(where, { from, before, limit }) {
      const keys = await table.query({
        ...('form' in where ? { index: 'list', partition: where.form } : { index: 'review', partition: where.state }),
        ...(from === undefined ? {} : { from }),
        ...(before === undefined ? {} : { before }),
        order: 'descending',
        limit,
      });
      return keys.map(toKey);
    },
  };
}

type Stored = Lead | ErasedLead | undefined;

export function isErased(value: unknown): value is ErasedLead {
  return typeof value === 'object' && value !== null && 'erasedAt' in value;
}

function visible(stored: Stored): Lead | undefined {
  return stored === undefined || isErased(stored) ? undefined : stored;
}

// The prefix keeps an id that came from outside from naming a row of another kind.
const prefix = 'lead#';
const keyOf = (id: string) => prefix + id;
const toKey = ({ pk, sort }: RowKey): LeadKey => ({ id: pk.slice(prefix.length), sort });

/** Retention never takes a lead that still has to be delivered or looked at. */
function isOver(lead: Lead): boolean {
  return leadState(lead) === 'done' || leadState(lead) === 'spam';
}

/** Position of an instant in the indexes. Half of an id keeps two leads of one millisecond apart, and every lead small: see pack.ts. */
export function sortKey(instant: number, id: string): string {
  return `${new Date(instant).toISOString()}#${id.slice(0, 16)}`;
}

function positions(lead: Lead): Pick<Draft<Lead>, 'work' | 'review' | 'list'> {
  const at = sortKey(lead.createdAt, lead.id);
  const state = leadState(lead);
  const wakes = lead.spam === undefined ? lead.deliveries.flatMap(({ wakeAt }) => wakeAt ?? []) : [];
  return {
    list: { partition: lead.form, sort: at },
    ...(state === 'attention' || state === 'spam' ? { review: { partition: state, sort: at } } : {}),
    ...(wakes.length > 0 ? { work: { partition: 'due', sort: sortKey(Math.min(...wakes), lead.id) } } : {}),
  };
}
