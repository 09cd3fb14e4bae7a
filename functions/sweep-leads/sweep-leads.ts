import type { ApplyEvent } from '#shared/deliver.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { LeadStore } from '#shared/store/leads.ts';

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
  let page: string[];
  do {
    page = await ports.leads.due(startedAt, pageSize);
    const before = woken;
    for (let at = 0; at < page.length; at += parallel) {
      const counts = await Promise.all(page.slice(at, at + parallel).map((id) => wakeLead(id, startedAt, ports)));
      woken += counts.reduce((sum, count) => sum + count, 0);
    }
    due += page.length;
    // Who was woken has left the index; where nobody was, the same page would come again.
    if (woken === before) break;
  } while (page.length === pageSize && remainingMs() > pageMs);
  if (due > 0) ports.log('leads swept', { due, woken });
}

async function wakeLead(id: string, now: number, { leads, applyEvent }: SweepPorts): Promise<number> {
  const lead = await leads.get(id);
  let woken = 0;
  for (const { id: delivery, wakeAt } of lead?.deliveries ?? []) {
    if (wakeAt === null || wakeAt > now) continue;
    if ((await applyEvent(id, delivery, { type: 'wake' }))?.applied) woken++;
  }
  return woken;
}
