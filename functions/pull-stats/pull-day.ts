import type { Connection } from '#shared/providers/provider.ts';
import type { Call, ProviderCall } from '#shared/stats/call.ts';
import { windowOf } from '#shared/stats/day.ts';
import type { Partition, StatsExport } from '#shared/stats/export.ts';
import { createSpool, type Spool } from './spool.ts';

export type DayPorts = {
  statsExport: StatsExport;
  /** Which lead each of these calls belongs to, in order; tells the leads what became of them. */
  join: (provider: string, calls: ProviderCall[]) => Promise<(string | null)[]>;
  /** Called between the steps; throws when the work has to end here. */
  goOn: () => Promise<void>;
};

export type DayResult = { calls: number; outcome: 'written' | 'unchanged' | 'kept' };

/** Where the calls come from, and which of them count. */
export type Source = {
  listCalls: NonNullable<Connection['listCalls']>;
  isOwn: (call: ProviderCall) => boolean;
  /** The day is so old that a shorter list is taken for the provider's forgetting, and the files stay as they are. */
  settled: boolean;
};

/** Makes a day's files what the provider lists for that day now. */
export async function pullDay(
  partition: Partition,
  { listCalls, isOwn, settled }: Source,
  ports: DayPorts,
): Promise<DayResult> {
  const spool = createSpool();
  try {
    const window = windowOf(partition.date);
    for await (const calls of listCalls(window)) {
      await ports.goOn();
      await spool.add(calls.filter((call) => isIn(call.startedAt, window) && isOwn(call)));
    }
    return await replace(partition, spool, settled, ports);
  } finally {
    await spool.remove();
  }
}

async function replace(partition: Partition, spool: Spool, settled: boolean, ports: DayPorts): Promise<DayResult> {
  const { calls, listing } = await spool.summary();
  const before = await ports.statsExport.readManifest(partition);
  if (before === undefined ? calls === 0 : before.listing === listing) return { calls, outcome: 'unchanged' };
  if (settled && before !== undefined && calls < before.calls) return { calls: before.calls, outcome: 'kept' };
  const writer = ports.statsExport.write(partition);
  for await (const batch of spool.sorted()) {
    await ports.goOn();
    const leads = await ports.join(partition.provider, batch);
    await writer.add(batch.map((call, index) => toCall(call, partition, leads[index] ?? null)));
  }
  await ports.goOn();
  await writer.publish(listing);
  return { calls, outcome: 'written' };
}

function toCall(call: ProviderCall, { provider, account }: Partition, leadId: string | null): Call {
  return { ...call, provider, account, leadId };
}

/** Neighbours of the window belong to other days; a call without a start has no day but the one that it is listed in. */
function isIn(instant: number | null, { from, to }: { from: number; to: number }): boolean {
  return instant === null || (instant >= from && instant < to);
}
