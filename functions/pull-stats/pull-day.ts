import type { Place, StatsWindow } from '#shared/providers/provider.ts';
import { createContentHash } from '#shared/stats/content-hash.ts';
import type { DataSet, ExportedRow, Listed } from '#shared/stats/data-set.ts';
import { type Day, windowOf } from '#shared/stats/day.ts';
import type { Partition, StatsExport } from '#shared/stats/export.ts';
import { isOdd } from '#shared/stats/odd-record.ts';
import type { UnfinishedStore } from '#shared/stats/unfinished.ts';
import { takeOut, undatedBefore } from './neighbours.ts';
import { createSpool, type Spool } from './spool.ts';

/** The lease of an account is prolonged between so many. */
const joinedAtOnce = 500;

/** What it takes to keep a day of a million calls for the next invocation, and to join and write it: several times what was measured. */
const keepingMs = 3 * 60_000;
const replacingMs = 7 * 60_000;

export type DayPorts = {
  statsExport: StatsExport;
  /** Called between the steps; throws when the work has to end here. */
  goOn: () => Promise<void>;
  /** Called right before what readers see is changed; throws when the account is another's by now. */
  confirm: () => Promise<void>;
  hasTime: () => boolean;
  hasTimeFor: (ms: number) => boolean;
  unfinished: UnfinishedStore;
  /** Tells this pull from others: what another one left unfinished is out of date. */
  pull: string;
};

/** `odd`: how many of the records bear no number that can be read. */
export type DayResult = { records: number; odd: number; outcome: 'written' | 'unchanged' | 'kept' };

/** Which lead each record of a settled day belonged to, by its id: what the table knew of it may be gone since. */
export type LeadsBefore = ReadonlyMap<string, { leadId: string; leadAcceptedAt: number | null }>;

/** Where the records come from, which of them count, and how they are exported. */
export type Source<Record extends ExportedRow> = {
  set: DataSet<Record>;
  list: (window: StatsWindow, place?: Place) => AsyncIterable<Listed<Record>[]>;
  isOwn: (listed: Listed<Record>) => boolean;
  /** Says which lead each belongs to, and leaves out whom nobody may know any more. */
  join: (listed: Listed<Record>[], partition: Partition, before: LeadsBefore) => Promise<Record[]>;
  /** Tells the owner what is strange about records that are written. */
  note: (written: readonly Record[]) => void;
};

/** What is known of a day before it is listed. */
export type Standing = {
  /** So old that nothing changes any more. */
  settled: boolean;
  /** Days that may hold what has moved here, and are not pulled themselves, or not yet. */
  others: Day[];
};

/**
 * Makes a day's files what the provider lists for that day now. Of a settled day a shorter list is taken for the
 * provider's forgetting, and the files stay as they are. A list that says the same as before is joined again all the same, until the day is
 * settled: leads come late, and what becomes of their deliveries is known later still. Undefined when time ran out: what was listed is kept.
 */
export async function pullDay<Record extends ExportedRow>(
  partition: Partition,
  source: Source<Record>,
  standing: Standing,
  ports: DayPorts,
): Promise<DayResult | undefined> {
  const { set, list, isOwn } = source;
  const { unfinished, goOn, hasTimeFor } = ports;
  const spool = createSpool(set);
  let place: string | undefined;
  const keep = async (rest: string | null) => {
    await unfinished.keep(set.name, partition, ports.pull, { place: rest, parts: spool.parts });
    return undefined;
  };
  try {
    const before = await unfinished.take(set.name, partition, ports.pull);
    for await (const part of before?.parts() ?? []) {
      await goOn();
      await spool.takeIn(part);
    }
    const window = windowOf(partition.date);
    const passed = (next: string) => {
      place = next;
    };
    for await (const listed of before?.place === null ? [] : list(window, { from: before?.place, passed })) {
      await spool.add(listed.filter((item) => isIn(set.instantOf(item), window) && isOwn(item)));
      const isTimeLeft = spool.isLarge() ? hasTimeFor(keepingMs) : ports.hasTime();
      if (!isTimeLeft && place !== undefined) return await keep(place);
      await goOn();
    }
    if (before?.place !== null && spool.isLarge() && !hasTimeFor(replacingMs)) return await keep(null);
    if (spool.hasUndated()) spool.leaveOut(await undatedBefore(set, partition, ports));
    const result = await replace(partition, source, spool, standing, ports);
    if (before !== undefined) await unfinished.remove(set.name, partition);
    return result;
  } finally {
    await spool.remove();
  }
}

async function replace<Record extends ExportedRow>(
  partition: Partition,
  { set, join, note }: Source<Record>,
  spool: Spool<Listed<Record>>,
  { settled, others }: Standing,
  ports: DayPorts,
): Promise<DayResult> {
  const { statsExport, goOn, confirm } = ports;
  const { records, odd, listing } = await spool.summary();
  const found = await statsExport.readManifest(set.name, partition);
  if (found === undefined && records === 0) return { records, odd, outcome: 'unchanged' };
  // Nobody can read a day that misses a file: it is written anew.
  const before = found && (await statsExport.isWhole(found)) ? found : undefined;
  const isListedAsBefore = before?.listing === listing;
  const hasLayout = before !== undefined && statsExport.hasLayout(set, before);
  const { leadsBefore, hasAll } =
    settled && before !== undefined && !isListedAsBefore
      ? await compareWith(set, statsExport.read(set, before), spool)
      : { leadsBefore: new Map(), hasAll: true };
  if (before !== undefined && (!hasAll || (settled && records < before.records))) {
    return { records: before.records, odd, outcome: 'kept' };
  }
  // What was joined long ago stays: the table forgets whose a call is, the export does not.
  const rows = settled && isListedAsBefore ? () => statsExport.read(set, before) : joined;
  async function* joined(): AsyncGenerator<Record[]> {
    for await (const batch of spool.sorted()) {
      for (let at = 0; at < batch.length; at += joinedAtOnce) {
        await goOn();
        yield await join(batch.slice(at, at + joinedAtOnce), partition, leadsBefore);
      }
    }
  }
  if (isListedAsBefore && hasLayout && (settled || before.content === (await contentOf(set, joined())))) {
    await statsExport.tidy(before, confirm);
    return { records, odd, outcome: 'unchanged' };
  }
  const writer = statsExport.write(set, partition, found);
  for await (const batch of rows()) {
    await goOn();
    note(batch);
    await writer.add(batch);
  }
  await goOn();
  for (const date of others) await takeOut(set, partition, date, spool.has, ports);
  await writer.publish(listing, confirm);
  return { records, odd, outcome: 'written' };
}

/** Whose the records of a settled day were, and whether the list still has each of them that bears a number. */
async function compareWith<Record extends ExportedRow>(
  set: DataSet<Record>,
  exported: AsyncIterable<Record[]>,
  spool: Spool<Listed<Record>>,
): Promise<{ leadsBefore: LeadsBefore; hasAll: boolean }> {
  const leadsBefore = new Map<string, { leadId: string; leadAcceptedAt: number | null }>();
  let hasAll = true;
  for await (const records of exported) {
    for (const record of records) {
      const id = set.idOf(record);
      hasAll &&= isOdd(id) || spool.has(id);
      const { leadId, leadAcceptedAt } = record;
      if (leadId === null) continue;
      leadsBefore.set(id, { leadId, leadAcceptedAt: typeof leadAcceptedAt === 'number' ? leadAcceptedAt : null });
    }
  }
  return { leadsBefore, hasAll };
}

async function contentOf<Record extends ExportedRow>(
  { columns }: DataSet<Record>,
  rows: AsyncIterable<Record[]>,
): Promise<string> {
  const hash = createContentHash(columns);
  for await (const batch of rows) hash.add(batch);
  return hash.digest();
}

/** Neighbours of the window belong to other days; what has no instant has no day but the one that it is listed in. */
function isIn(instant: number | null, { from, to }: StatsWindow): boolean {
  return instant === null || (instant >= from && instant < to);
}
