import type { Lead } from './lead.ts';

/** What a delivery of a form with `rehearse` has for its provider's number: no provider was asked. */
export const rehearsalId = 'rehearsal';

/** Whether no provider ever saw anything of this lead. */
export function isRehearsal({ deliveries }: Pick<Lead, 'deliveries'>): boolean {
  // An attempt before the one that was rehearsed may have been a real one, of a form that rehearses only since.
  return deliveries.every(({ providerId, attempts }) => providerId === rehearsalId && attempts === 1);
}
