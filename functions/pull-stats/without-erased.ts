import type { DataSet, ExportedRow } from '#shared/stats/data-set.ts';
import { erasedOwner } from '#shared/store/calls.ts';
import type { ErasedPhones, Span } from '#shared/store/erased-phones.ts';
import type { LeadStore } from '#shared/store/leads.ts';

export type ErasedPorts = { erasedPhones: Pick<ErasedPhones, 'spansOf'>; leads: Pick<LeadStore, 'getMany'> };

const batchSize = 100;

/**
 * The records, without the persons whose leads were erased: those of such a lead, and those of its phone from the lead until it was
 * erased, unless they belong to another lead that is still there.
 */
export async function withoutErased<Record extends ExportedRow>(
  set: DataSet<Record>,
  records: readonly Record[],
  ports: ErasedPorts,
): Promise<Record[]> {
  const result: Record[] = [];
  for (let at = 0; at < records.length; at += batchSize) {
    const batch = records.slice(at, at + batchSize);
    const isErased = await createIsErased(set, batch, ports);
    result.push(...batch.map((record) => (isErased(record) ? set.withoutPerson(record) : record)));
  }
  return result;
}

async function createIsErased<Record extends ExportedRow>(
  set: DataSet<Record>,
  batch: readonly Record[],
  { erasedPhones, leads }: ErasedPorts,
): Promise<(record: Record) => boolean> {
  const spans = await erasedPhones.spansOf(batch.flatMap(({ phone }) => phone ?? []));
  const isMarked = (record: Record) => covers(spans.get(record.phone ?? ''), set.instantOf(record));
  const named = new Set(batch.filter(isMarked).flatMap(({ leadId }) => leadId ?? []));
  const alive = new Set(named.size === 0 ? [] : (await leads.getMany([...named])).map(({ id }) => id));
  return (record) => {
    if (record.leadId === erasedOwner) return true;
    return isMarked(record) && (record.leadId === null || !alive.has(record.leadId));
  };
}

function covers(span: Span | undefined, instant: number | null): boolean {
  return span !== undefined && (instant === null || (instant >= span.from && instant <= span.until));
}
