import type { Lead } from '#shared/lead/lead.ts';
import type { Ring } from './platform.ts';
import { pageOf, phoneLimit, type Wish } from './scenario.ts';

/** What a visitor saw, and what an operator did about it. */
export type History = {
  wish: Wish;
  /** Ids that were answered with success. */
  answers: Set<string>;
  /** Attempts after which an operator let the call go again without knowing whether it had been placed: the owner's own choice to ring again. */
  releasedAfter: number[];
  /** An operator vouched for it: it may ring however often its phone has rung. */
  isVouchedFor: boolean;
  /** An operator gave it up. */
  isCancelled: boolean;
};

/** Findings in words; `held`: wishes that wait for a person. */
export type Verdict = {
  lost: string[];
  double: string[];
  unexpected: string[];
  unfinished: string[];
  wishes: number;
  held: number;
};

/**
 * Holds the three histories against each other: what visitors were told, what the table says, which phones rang.
 * `isCalm`: nothing went wrong, so that nothing may wait for a person but what the phone's limit holds.
 */
export function check(histories: History[], leads: Lead[], rings: Ring[], isCalm: boolean): Verdict {
  const verdict: Verdict = { lost: [], double: [], unexpected: [], unfinished: [], wishes: histories.length, held: 0 };
  for (const history of histories) {
    const page = pageOf(history.wish);
    const own = leads.filter((lead) => lead.attribution.current_page === page);
    const ownRings = rings.filter((ring) => ring.page === page);
    checkWish(history, own, ownRings, verdict);
  }
  checkPhones(histories, rings, verdict);
  checkCalls(leads, rings, verdict);
  if (isCalm) checkHeld(leads, verdict);
  return verdict;
}

function checkWish(
  { wish, answers, releasedAfter, isCancelled }: History,
  own: Lead[],
  rings: Ring[],
  verdict: Verdict,
) {
  const name = `wish ${wish.index}`;
  const states = new Set(own.flatMap(callsOf).map(({ state }) => state));
  if (isDouble(rings, releasedAfter)) verdict.double.push(`${name} rang ${rings.length} times`);
  const isOpen = own.some(isUnderWay);
  if (isOpen) verdict.unfinished.push(name);
  const isWaiting = states.has('HELD') || states.has('EXPIRED');
  // No provider of the simulation says that a number is wrong.
  if (states.has('REJECTED')) verdict.unexpected.push(`${name} is REJECTED, which no provider has said`);
  const isOver = states.has('CANCELLED') && isCancelled;
  const isRung = states.has('PLACED') && rings.length > 0;
  if (answers.size > 0 && !isOpen && !isWaiting && !isOver && !isRung) {
    verdict.lost.push(`${name} is ${[...states].join(', ') || 'nowhere'} and rang ${rings.length} times`);
  }
  if ([...answers].some((id) => !own.some((lead) => lead.id === id))) verdict.unexpected.push(`${name} has another id`);
  if (isWaiting) verdict.held++;
}

/** Between two of the owner's own choices to ring again, a wish may ring once. */
function isDouble(rings: Ring[], releasedAfter: number[]): boolean {
  const periods = rings.map(({ attempt }) => releasedAfter.filter((release) => release < attempt).length);
  return new Set(periods).size < periods.length;
}

/** No phone is rung for more leads than the limit allows. */
function checkPhones(histories: History[], rings: Ring[], verdict: Verdict): void {
  const rung = histories.filter(
    ({ wish, isVouchedFor }) => !isVouchedFor && rings.some(({ page }) => page === pageOf(wish)),
  );
  for (const [phone, same] of Map.groupBy(rung, ({ wish }) => wish.phone)) {
    if (same.length > phoneLimit.calls) verdict.unexpected.push(`${phone} was rung for ${same.length} wishes`);
  }
}

/** Each call that a lead takes for its own is one that the provider has made, and nobody else's. */
function checkCalls(leads: Lead[], rings: Ring[], verdict: Verdict): void {
  const known = new Set(rings.map(({ callId }) => callId));
  const placed = leads.flatMap(callsOf).filter(({ state }) => state === 'PLACED');
  const ids = placed.map(({ account, providerId }) => `${account} ${providerId}`);
  for (const { providerId } of placed) {
    if (providerId === null || !known.has(providerId)) verdict.unexpected.push(`no provider knows call ${providerId}`);
  }
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) verdict.unexpected.push(`call ${id} is given to two leads`);
  }
}

function checkHeld(leads: Lead[], verdict: Verdict): void {
  for (const { state, reason } of leads.flatMap(callsOf)) {
    const isWaiting = state === 'HELD' || state === 'EXPIRED';
    if (isWaiting && reason !== 'this phone was rung too often') {
      verdict.unexpected.push(`a call is ${state} although nothing went wrong: ${reason}`);
    }
  }
}

function callsOf(lead: Lead) {
  return lead.deliveries.filter(({ kind }) => kind === 'call');
}

/** Is anything still to be done? A lead that waits for a person may have a copy under way. */
export function isUnderWay(lead: Lead): boolean {
  return lead.deliveries.some(({ state }) => state === 'READY' || state === 'CALLING' || state === 'UNKNOWN');
}
