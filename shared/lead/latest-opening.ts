import type { Delivery } from './delivery.ts';
import { nextOpening, type OpeningHours } from './opening-hours.ts';

/** Until when (milliseconds since 1970 UTC) a call that was deferred by any attempt of this delivery may wait for its form to open; 0: none was. Pure. */
export function latestOpening(
  createdAt: number,
  delivery: Pick<Delivery, 'claim' | 'updatedAt'>,
  hours: OpeningHours | undefined,
): number {
  if (hours === undefined) return 0;
  const { claim, updatedAt } = delivery;
  const instants = [createdAt, updatedAt, ...(claim === null ? [] : [claim.startedAt, claim.deadline])];
  return Math.max(0, ...instants.map((instant) => nextOpening(hours, instant) ?? 0));
}
