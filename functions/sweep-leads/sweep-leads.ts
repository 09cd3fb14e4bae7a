import type { ApplyEvent } from '#shared/deliver.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/ports.ts';
import type { LeadStore } from '#shared/store/leads.ts';

export type SweepPorts = { leads: LeadStore; applyEvent: ApplyEvent; clock: Clock; log: Log };

/** Leads that one run looks at; what is left is still the most overdue a minute later. */
const batch = 500;

/** Wakes every delivery that is due: its nudge was lost, its claim ran out, or a look or a later retry has come up. One Query. */
export async function sweepLeads(
  remainingMs: () => number,
  { leads, applyEvent, clock, log }: SweepPorts,
): Promise<void> {
  const ids = await leads.due(clock(), batch);
  let woken = 0;
  for (const id of ids) {
    if (remainingMs() < 5_000) break;
    const lead = await leads.get(id);
    for (const { id: delivery, wakeAt } of lead?.deliveries ?? []) {
      if (wakeAt === null || wakeAt > clock()) continue;
      const applied = await applyEvent(id, delivery, { type: 'wake' });
      if (applied?.applied) woken++;
    }
  }
  if (ids.length > 0) log('leads swept', { due: ids.length, woken });
}
