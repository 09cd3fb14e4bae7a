import { traceOf } from '../errors.ts';
import type { Log } from '../log.ts';
import type { CallOwners } from '../store/calls.ts';
import type { Outcomes } from './outcomes.ts';

/**
 * The same owners, where a lead that takes a call is told at once what hooks have reported of it before.
 * Should this fail, the taking is not touched by it, and the next pull tells the same.
 */
export function adoptReports(callOwners: CallOwners, outcomes: Pick<Outcomes, 'adopt'>, log: Log): CallOwners {
  return {
    ...callOwners,
    async take(provider, callId, lead) {
      const taken = await callOwners.take(provider, callId, lead);
      try {
        if (taken.owner === lead) await outcomes.adopt(provider, lead, taken.reports);
      } catch (error) {
        log('news of a call left to the next pull', { lead, error: traceOf(error) });
      }
      return taken;
    },
  };
}
