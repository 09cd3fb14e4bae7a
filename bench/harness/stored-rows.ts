import { keyedLeadId } from '#shared/lead/key.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { NewNonce } from '#shared/ports.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import type { Row, Table } from '#shared/store/table.ts';
import { stubbedSecret } from './stub-aws.ts';
import { phoneOf, typical, typicalFields } from './typical.ts';

/** What a delivered lead leaves behind. */
export const rowKinds = ['lead', 'phone', 'call'] as const;
export type RowKind = (typeof rowKinds)[number];

const dayMs = 86_400_000;
/** A year without a few days, so that the oldest leads do not expire while the bench runs. */
const spanMs = 360 * dayMs;
/** One lead in so many waits for a person. */
const attentionEvery = 1_000;
/** Far from those that the bench itself sends. */
const firstIndex = 5_000_000;

/** So many leads such as this delivered one, evenly spread over the year before `now`. */
export type History = { sample: Lead; stored: number; now: number; newNonce: NewNonce };

/**
 * The rows of a history, each as its own store writes it. Resolves with undefined for those that such a lead has not, or no longer:
 * owners of calls are kept for three months, and who rang a phone for eight days. Rows that are gone within the hour are left out.
 */
export function createStoredRows({ sample, stored, now, newNonce }: History) {
  let at = 0;
  const written: Row[] = [];
  const put: Table['put'] = async (row) => {
    written.push(row);
    return true;
  };
  const retention = (form: string) => (typical.forms[form]?.retentionDays ?? 0) * dayMs;
  const table = { ...createMemoryTable(), put };
  const ports = { table, newNonce, clock: () => at, retention, readKey: async () => stubbedSecret };
  const leads = createLeadStore(ports);
  const phones = createPhoneGuard(ports);
  const calls = createCallOwners(ports);
  const limit = { calls: 1, perHours: 1 };

  const write: Record<RowKind, (lead: Lead) => Promise<unknown>> = {
    lead: (lead) => leads.create(lead),
    phone: ({ id, form, phone }) => phones.admit(phone, { lead: id, form, windowFrom: null }, limit),
    call: async ({ id, deliveries: [call] }) => call?.providerId && calls.take('callkeeper', call.providerId, id),
  };
  return async (kind: RowKind, index: number): Promise<Row | undefined> => {
    at = now - spanMs + Math.floor((index * spanMs) / stored);
    await write[kind](leadAt(sample, index, at));
    const row = written.pop();
    return (row?.expiresAt ?? Number.POSITIVE_INFINITY) > now ? row : undefined;
  };
}

function leadAt(sample: Lead, index: number, createdAt: number): Lead {
  const number = firstIndex + index;
  const { ga_client_id = '', ym_client_id = '' } = typicalFields(number);
  const later = (instant: number) => instant - sample.createdAt + createdAt;
  const isHeld = index % attentionEvery === attentionEvery - 1;
  const outcome = isHeld
    ? ({ state: 'HELD', providerId: null, reason: 'not-found' } as const)
    : { providerId: `9${phoneOf(number).slice(1)}` };
  return {
    ...sample,
    id: keyedLeadId(sample.form, 'header', `key-${number}`),
    createdAt,
    updatedAt: later(sample.updatedAt),
    phone: phoneOf(number),
    attribution: { ...sample.attribution, ga_client_id, ym_client_id },
    key: { ...sample.key, payloadHash: keyedLeadId(sample.form, 'header', `payload-${number}`) },
    deliveries: sample.deliveries.map((delivery) => ({
      ...delivery,
      since: later(delivery.since),
      endedAt: delivery.endedAt && later(delivery.endedAt),
      updatedAt: later(delivery.updatedAt),
      ...outcome,
    })),
  };
}
