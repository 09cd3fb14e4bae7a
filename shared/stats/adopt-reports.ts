import type { ApplyEvent } from '../deliver.ts';
import { traceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { Outcomes } from './outcomes.ts';

/**
 * Applies events, and tells a lead whose call is known from now on what a hook has reported of that call before.
 * Should this fail, the delivery is not touched by it, and the next pull tells the same.
 */
export function adoptReports(
  applyEvent: ApplyEvent,
  { outcomes, provider, log }: { outcomes: Pick<Outcomes, 'adopt'>; provider: string; log: Log },
): ApplyEvent {
  return async (leadId, deliveryId, event) => {
    const applied = await applyEvent(leadId, deliveryId, event);
    const isPlaced = event.type === 'placed' || event.type === 'found';
    if (!isPlaced || applied?.delivery.kind !== 'call') return applied;
    try {
      await outcomes.adopt(provider, event.providerId, leadId);
    } catch (error) {
      log('news of a call left to the next pull', { lead: leadId, error: traceOf(error) });
    }
    return applied;
  };
}
