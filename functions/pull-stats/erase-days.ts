import { callSet, type DataSet, type ExportedRow, leadSet } from '#shared/stats/data-set.ts';
import { addDays } from '#shared/stats/day.ts';
import type { Manifest, Partition, StatsExport } from '#shared/stats/export.ts';
import type { UnfinishedStore } from '#shared/stats/unfinished.ts';
import { erasedOwner } from '#shared/store/calls.ts';
import type { ErasedPhones } from '#shared/store/erased-phones.ts';
import type { Erasure, ErasureStore } from '#shared/store/erasures.ts';
import { type ErasedPorts, withoutErased } from './without-erased.ts';

export type EraseDaysPorts = ErasedPorts & {
  erasures: Pick<ErasureStore, 'get' | 'endDay'>;
  erasedPhones: Pick<ErasedPhones, 'hasher'>;
  statsExport: StatsExport;
  unfinished: Pick<UnfinishedStore, 'remove'>;
  /** Called between the steps; throws when the work has to end here. */
  goOn: () => Promise<void>;
  /** Called right before what readers see is changed; throws when the account is another's by now. */
  confirm: () => Promise<void>;
};

/**
 * Takes the persons of erased leads out of an account's exported days, as those are: no provider is asked.
 * False when there was no time for the last day.
 */
export async function eraseDays(
  account: Omit<Partition, 'date'>,
  hasTime: () => boolean,
  ports: EraseDaysPorts,
): Promise<boolean> {
  const { erasures } = ports;
  for (;;) {
    const asked = await erasures.get(account.account);
    const [date] = asked.map(({ next }) => next).sort();
    if (date === undefined) return true;
    if (!hasTime()) return false;
    const due = asked.filter(({ next }) => next === date);
    await eraseDay(callSet, { ...account, date }, due, ports);
    await eraseDay(leadSet, { ...account, date }, due, ports);
    await erasures.endDay(account.account, date, addDays(date, 1));
  }
}

async function eraseDay<Record extends ExportedRow>(
  set: DataSet<Record>,
  partition: Partition,
  due: readonly Erasure[],
  ports: EraseDaysPorts,
): Promise<void> {
  const { statsExport, unfinished } = ports;
  await unfinished.remove(set.name, partition);
  const manifest = await statsExport.readManifest(set.name, partition);
  if (manifest === undefined) return;
  const withoutDue = await createWithoutDue(set, due, ports);
  const current = (await rewrite(set, partition, manifest, withoutDue, ports)) ?? manifest;
  // Nobody's reading counts here: what the files of before say has to go as well.
  await statsExport.forgetSuperseded(current);
}

type WithoutDue<Record> = (records: readonly Record[]) => Promise<Record[]>;

/** Looks at those records only which may be about one of these leads; the others come back as they are. */
async function createWithoutDue<Record extends ExportedRow>(
  set: DataSet<Record>,
  due: readonly Erasure[],
  ports: EraseDaysPorts,
): Promise<WithoutDue<Record>> {
  const hashOf = await ports.erasedPhones.hasher();
  const leads = new Set<string | null>(due.map(({ lead }) => lead));
  const phones = new Set(due.map(({ phone }) => phone));
  return async (records) => {
    const result = [...records];
    for (const [index, record] of records.entries()) {
      const isOfLead = leads.has(record.leadId);
      if (!isOfLead && (record.phone === null || !phones.has(hashOf(record.phone)))) continue;
      const [rest = record] = await withoutErased(set, [isOfLead ? { ...record, leadId: erasedOwner } : record], ports);
      result[index] = rest;
    }
    return result;
  };
}

/** Undefined when there is nothing to take out. */
async function rewrite<Record extends ExportedRow>(
  set: DataSet<Record>,
  partition: Partition,
  manifest: Manifest,
  withoutDue: WithoutDue<Record>,
  { statsExport, goOn, confirm }: EraseDaysPorts,
): Promise<Manifest | undefined> {
  let isChanged = false;
  for await (const records of statsExport.read(set, manifest)) {
    await goOn();
    const rest = await withoutDue(records);
    isChanged ||= rest.some((record, index) => record !== records[index]);
  }
  if (!isChanged) return undefined;
  const writer = statsExport.write(set, partition, manifest);
  for await (const records of statsExport.read(set, manifest)) {
    await goOn();
    await writer.add(await withoutDue(records));
  }
  return writer.publish(manifest.listing, confirm);
}
