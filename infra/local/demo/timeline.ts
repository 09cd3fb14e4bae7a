import type { PhoneState, SimulatedCall } from '../simulators/simulator.ts';
import type { DemoDelivery, DemoLead } from './state.ts';

/** `state` is a delivery's or a phone's, for the colour; `at` is milliseconds since 1970 UTC, where it is known. */
export type Step = { title: string; detail: string; at?: number; state?: string };

/** What happened to a lead so far, oldest first. Pure. */
export function timelineOf(lead: DemoLead, calls: readonly SimulatedCall[], now: number): Step[] {
  const received = { title: 'Form received', detail: lead.name ?? '', at: lead.createdAt };
  return [received, ...lead.deliveries.flatMap((delivery) => deliverySteps(delivery, calls, now))];
}

function deliverySteps(delivery: DemoDelivery, calls: readonly SimulatedCall[], now: number): Step[] {
  const { account, attempts, state, providerId, reason, refusals, nextAt, updatedAt } = delivery;
  const call = calls.find((candidate) => candidate.id === providerId && candidate.account === account);
  const refused = refusals.map((refusal) => ({
    title: `${refusal.account} refused`,
    detail: refusal.reason,
    at: refusal.at,
    state: 'REJECTED',
  }));
  // The API tells how a delivery stands now; when it was calling is known from the provider that took the call.
  const called = call && {
    title: 'CALLING',
    detail: `${account}, attempt ${attempts}`,
    at: call.orderedAt,
    state: 'CALLING',
  };
  const detail = [standing(delivery), reason].filter(Boolean).join(': ');
  const current = { title: state, detail, at: state === 'READY' ? (nextAt ?? updatedAt) : updatedAt, state };
  return [...refused, ...(called ? [called] : []), current, ...(call ? phoneSteps(call, now) : [])];
}

function standing({ kind, state, account, attempts, providerId }: DemoDelivery): string {
  const target = kind === 'track' ? `copy to ${account}` : account;
  if (state === 'PLACED') return `${target}, ${kind === 'track' ? 'request' : 'call'} ${providerId}`;
  if (state === 'READY') return attempts === 0 ? target : `${target} again, after attempt ${attempts}`;
  return `${target}, attempt ${attempts}`;
}

function phoneSteps(call: SimulatedCall, now: number): Step[] {
  const isLater = call.ringAt > now;
  const ring = {
    title: isLater ? 'Rings later' : 'Rings',
    detail: 'the manager first, then the visitor',
    // A phone that rings at once does so while the answer is on its way: before PLACED, which would read oddly here.
    ...(call.ringAt > call.orderedAt ? { at: call.ringAt } : {}),
    state: isLater ? 'waiting' : 'ringing',
  };
  // A provider says that it was answered and that it is over, but not when.
  const isPast = call.state === 'talking' || call.state === 'over';
  const end = { title: phoneWords(call, now), detail: `status ${call.status}`, state: call.state };
  return isPast ? [ring, end] : [ring];
}

/** How a simulated phone stands, for people. */
export function phoneWords({ state, ringAt }: Pick<SimulatedCall, 'state' | 'ringAt'>, now: number): string {
  const words: Record<PhoneState, string> = {
    waiting: ringAt > now ? 'Rings later' : 'Rings the manager',
    ringing: 'The phone rings',
    talking: 'Answered',
    over: 'The call is over',
  };
  return words[state];
}
