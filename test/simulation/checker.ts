import { type Lead, leadState } from '#shared/lead/lead.ts';
import type { Row } from '#shared/store/table.ts';
import type { Simulator } from '../../infra/local/simulators/simulator.ts';
import { pageOf, type Wish } from './scenario.ts';

/** What a visitor saw, and what an operator did about it. */
export type History = {
  wish: Wish;
  /** Ids that were answered with success. */
  answers: Set<string>;
  /** Releases of a call of which nobody could know whether it had been placed: the owner's own choice to ring again. */
  chosenRepeats: number;
  /** An operator gave it up. */
  isCancelled: boolean;
};

export type Verdict = { lost: string[]; double: string[]; unexpected: string[]; unfinished: string[]; held: number };

/** Holds the three histories against each other: what visitors were told, what the table says, which phones rang. */
export function check(histories: History[], rows: Iterable<Row>, simulators: Iterable<Simulator>): Verdict {
  const leads = [...rows].filter(({ pk }) => pk.startsWith('lead#')).map(({ value }) => value as Lead);
  const rings = [...simulators].flatMap((simulator) => simulator.calls());
  const verdict: Verdict = { lost: [], double: [], unexpected: [], unfinished: [], held: 0 };
  for (const { wish, answers, chosenRepeats, isCancelled } of histories) {
    const name = `wish ${wish.index}`;
    const own = leads.filter((lead) => lead.attribution.current_page === pageOf(wish));
    const rung = rings.filter(({ params }) => Object.values(params).includes(pageOf(wish))).length;
    const calls = own.flatMap((lead) => lead.deliveries.filter(({ kind }) => kind === 'call'));
    const states = new Set(calls.map(({ state }) => state));
    if (rung > 1 + chosenRepeats) verdict.double.push(`${name} rang ${rung} times`);
    if (own.some((lead) => leadState(lead) === 'open')) verdict.unfinished.push(name);
    const isSafe = states.has('HELD') || states.has('EXPIRED') || (states.has('PLACED') && rung > 0);
    const isSettled = isSafe || states.has('REJECTED') || (states.has('CANCELLED') && isCancelled);
    if (answers.size > 0 && !isSettled && !verdict.unfinished.includes(name)) {
      verdict.lost.push(`${name} is ${[...states].join(', ') || 'nowhere'} and rang ${rung} times`);
    }
    if ([...answers].some((id) => !own.some((lead) => lead.id === id)))
      verdict.unexpected.push(`${name} has another id`);
    if (states.has('HELD') || states.has('EXPIRED')) verdict.held++;
  }
  const known = new Set(rings.map(({ id }) => id));
  const claimed = leads.flatMap((lead) =>
    lead.deliveries.filter(({ kind, state }) => kind === 'call' && state === 'PLACED'),
  );
  const ids = claimed.map(({ providerId }) => providerId as string);
  for (const id of ids) if (!known.has(id)) verdict.unexpected.push(`placed as ${id}, which no provider knows`);
  for (const id of new Set(ids)) {
    if (ids.filter((other) => other === id).length > 1) verdict.unexpected.push(`call ${id} is given to two leads`);
  }
  return verdict;
}
