import type { Delivery } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';
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
  /** Its person asked to be forgotten: what became of it nobody can tell any more, but it must not ring twice. */
  isErased: boolean;
};

/** A wish of which nothing has happened yet. */
export function newHistory(wish: Wish): History {
  return {
    wish,
    answers: new Set(),
    releasedAfter: [],
    isVouchedFor: false,
    isCancelled: false,
    isErased: false,
  };
}

/** A lead as the table has it, or as the operator's API shows it. */
export type CheckedLead = Pick<Lead, 'id' | 'attribution'> & {
  deliveries: Pick<Delivery, 'kind' | 'account' | 'state' | 'reason' | 'providerId'>[];
};

/** A phone that rang: for which page's wish, in which attempt of its delivery, by which call; no two providers have calls of one id here. */
export type Ring = { callId: string; page: string; attempt: number };

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
 * `isCalm`: nothing went wrong but that messages were lost, which may make a call too late; else only the phone's limit holds one.
 */
export function check(histories: History[], leads: CheckedLead[], rings: Ring[], isCalm: boolean): Verdict {
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
  { wish, answers, releasedAfter, isCancelled, isErased }: History,
  own: CheckedLead[],
  rings: Ring[],
  verdict: Verdict,
) {
  const name = `wish ${wish.index}`;
  const states = new Set(own.flatMap(callsOf).map(({ state }) => state));
  if (isDouble(rings, releasedAfter)) verdict.double.push(`${name} rang ${rings.length} times`);
  if (isErased) return;
  const isOpen = own.some(isUnderWay);
  if (isOpen) verdict.unfinished.push(name);
  const isWaiting = states.has('HELD') || states.has('EXPIRED');
  for (const { kind, account, state } of own.flatMap(({ deliveries }) => deliveries)) {
    // No simulated provider is given a number that it would call wrong.
    if (state === 'REJECTED') verdict.unexpected.push(`${name} is REJECTED by ${account}, which has not said so`);
    if (kind === 'track' && state === 'CANCELLED' && !isCancelled)
      verdict.lost.push(`${name}, the copy for ${account}`);
  }
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

/** Each call that a lead takes for its own is one that a provider has made for its page, and no other lead's. */
function checkCalls(leads: CheckedLead[], rings: Ring[], verdict: Verdict): void {
  const pages = new Map(rings.map(({ callId, page }) => [callId, page]));
  const taken = new Set<string | null>();
  for (const lead of leads) {
    for (const { providerId } of callsOf(lead).filter(({ state }) => state === 'PLACED')) {
      const page = pages.get(providerId ?? '');
      const wanted = lead.attribution.current_page;
      if (page === undefined) verdict.unexpected.push(`no provider knows call ${providerId}`);
      else if (page !== wanted) verdict.unexpected.push(`call ${providerId} was not made for ${wanted}`);
      if (taken.has(providerId)) verdict.unexpected.push(`call ${providerId} is given to two leads`);
      taken.add(providerId);
    }
  }
}

function checkHeld(leads: CheckedLead[], verdict: Verdict): void {
  for (const { state, reason } of leads.flatMap(callsOf)) {
    if (state === 'HELD' && reason !== 'this phone was rung too often') {
      verdict.unexpected.push(`a call is HELD although nothing went wrong: ${reason}`);
    }
  }
}

function callsOf(lead: CheckedLead) {
  return lead.deliveries.filter(({ kind }) => kind === 'call');
}

/** Is anything still to be done? A lead that waits for a person may have a copy under way. */
export function isUnderWay(lead: CheckedLead): boolean {
  return lead.deliveries.some(({ state }) => state === 'READY' || state === 'CALLING' || state === 'UNKNOWN');
}
