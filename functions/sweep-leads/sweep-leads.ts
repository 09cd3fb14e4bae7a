import type { ApplyEvent } from '#shared/deliver.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { LeadKey, LeadStore } from '#shared/store/leads.ts';

export type SweepPorts = { leads: LeadStore; applyEvent: ApplyEvent; clock: Clock; log: Log };

const pageSize = 100;
/** Writes under way at once: enough for an outage's backlog, little enough for the table. */
const parallel = 10;
/** A page is only begun with so much of the function's time left. */
const pageMs = 10_000;

/** Wakes every delivery that is due: its nudge was lost, its claim ran out, or a look or a later retry has come up. */
export async function sweepLeads(remainingMs: () => number, ports: SweepPorts): Promise<void> {
  const startedAt = ports.clock();
  let due = 0;
  let woken = 0;
  let oldest = 0;
  let page: LeadKey[] = [];
  const failures: unknown[] = [];
  do {
    // Not all of a page need leave the index, such as those that are being called.
    page = await ports.leads.due(startedAt, pageSize, page.at(-1)?.sort);
    for (let at = 0; at < page.length; at += parallel) {
      const results = await Promise.allSettled(
        page.slice(at, at + parallel).map(({ id }) => wakeLead(id, startedAt, ports)),
      );
      const leads = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      failures.push(...results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : [])));
      woken += leads.reduce((sum, lead) => sum + lead.woken, 0);
      oldest = Math.max(oldest, ...leads.map((lead) => lead.overdueMs));
    }
    due += page.length;
  } while (page.length === pageSize && remainingMs() > pageMs);
  if (due > 0) ports.log('leads swept', { due, woken }, { OldestDueSeconds: oldest / 1000 });
  await countWaiting(ports);
  // Only now: one lead that cannot be written must not keep the others asleep.
  if (failures.length > 0) throw failures[0];
}

/** So that whoever missed the alarm of a lead hears again of all that wait. A page of keys, however long the history is. */
async function countWaiting({ leads, log }: SweepPorts): Promise<void> {
  const { length } = await leads.page({ state: 'attention' }, { limit: pageSize });
  if (length > 0) log('leads wait for a person', { waiting: length }, { WaitingLeads: length });
}

/** `overdueMs`: for how long the delivery that waits longest could have been tried; however often it is nudged in vain, this grows. */
async function wakeLead(id: string, now: number, { leads, applyEvent }: SweepPorts) {
  let seen = await leads.see(id);
  let woken = 0;
  let overdueMs = 0;
  for (const { id: delivery, wakeAt, nextAt, claim } of seen?.lead.deliveries ?? []) {
    if (wakeAt === null || wakeAt > now) continue;
    overdueMs = Math.max(overdueMs, now - (nextAt ?? claim?.deadline ?? wakeAt));
    const woke = await applyEvent(id, delivery, { type: 'wake' }, seen);
    if (woke?.applied) woken++;
    seen = woke;
  }
  return { woken, overdueMs };
}
