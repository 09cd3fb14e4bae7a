import type { ApiDelivery, ApiLead } from '#shared/operator-api.ts';
import type { Action } from './api.ts';
import type { Texts } from './texts.ts';

/** What a lead needs a person for, in words, and what can be done to it. `ringsTwice`: letting it go is a risk that has to be said. */
export type Advice = { words: string[]; actions: (Action | 'erase')[]; ringsTwice: boolean };

export function adviseOn(lead: ApiLead, texts: Texts): Advice {
  const { deliveries, spam } = lead;
  const held = deliveries.filter(({ state }) => state === 'HELD');
  const expired = deliveries.filter(({ state }) => state === 'EXPIRED');
  const waits = held.length + expired.length > 0 || deliveries.some(({ state }) => state === 'READY');
  const isBusy = deliveries.some(({ state }) => state === 'CALLING' || state === 'UNKNOWN');
  const words = [
    ...(spam === null ? [] : [texts.adviceSpam]),
    ...new Set([...held, ...expired].map((delivery) => adviceFor(delivery, texts))),
  ];
  const again: Action[] = spam !== null || held.length > 0 ? ['release'] : expired.length > 0 ? ['retry'] : [];
  return {
    words,
    actions: [...again, ...(waits ? ['cancel' as const] : []), ...(isBusy ? [] : ['erase' as const])],
    ringsTwice: held.some(({ kind, mayBePlaced }) => kind === 'call' && mayBePlaced),
  };
}

function adviceFor({ kind, state, mayBePlaced, refusals, provider, reason }: ApiDelivery, texts: Texts): string {
  if (kind === 'track') return texts.adviceCopy;
  if (state === 'EXPIRED') return texts.adviceExpired;
  if (mayBePlaced) return texts.adviceUnclear;
  if (provider === null) return texts.adviceNoAccount;
  if (refusals.length > 0) return texts.adviceRefused;
  return reason === 'this phone was rung too often' ? texts.adviceTooOften : texts.adviceHeld;
}
