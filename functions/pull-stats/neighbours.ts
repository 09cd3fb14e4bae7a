import type { DataSet, ExportedRow } from '#shared/stats/data-set.ts';
import { addDays, type Day } from '#shared/stats/day.ts';
import type { Partition, StatsExport } from '#shared/stats/export.ts';

type Ports = { statsExport: StatsExport; goOn: () => Promise<void>; confirm: () => Promise<void> };

/** Records without an instant that the export has under the day before: a list whose bounds belong to both days names them in both. */
export async function undatedBefore<Record extends ExportedRow>(
  set: DataSet<Record>,
  partition: Partition,
  { statsExport, goOn }: Omit<Ports, 'confirm'>,
): Promise<Set<string>> {
  const manifest = await statsExport.readManifest(set.name, { ...partition, date: addDays(partition.date, -1) });
  const ids = new Set<string>();
  if (manifest === undefined) return ids;
  for await (const records of statsExport.read(set, manifest)) {
    await goOn();
    for (const record of records) if (set.instantOf(record) === null) ids.add(set.idOf(record));
  }
  return ids;
}

/** Takes out of another day of the export what has moved from there. A reader may miss it for a moment, and never sees it twice. */
export async function takeOut<Record extends ExportedRow>(
  set: DataSet<Record>,
  partition: Partition,
  date: Day,
  hasMoved: (id: string) => boolean,
  { statsExport, goOn, confirm }: Ports,
): Promise<void> {
  const other = { ...partition, date };
  const manifest = await statsExport.readManifest(set.name, other);
  if (manifest === undefined) return;
  const rest = (records: Record[]) => records.filter((record) => !hasMoved(set.idOf(record)));
  let isChanged = false;
  for await (const records of statsExport.read(set, manifest)) {
    await goOn();
    isChanged ||= rest(records).length < records.length;
  }
  if (!isChanged) return;
  const writer = statsExport.write(set, other, manifest);
  for await (const records of statsExport.read(set, manifest)) {
    await goOn();
    await writer.add(rest(records));
  }
  await writer.publish(manifest.listing, confirm);
}
