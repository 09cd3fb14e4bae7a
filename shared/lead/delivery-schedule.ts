import type { Delivery } from './delivery.ts';

// When a delivery is tried or looked up again, at which account, and when it is too late. Pure.

/** What a form says about its deliveries, in milliseconds. */
export type Policy = { staleAfter: number; retryUnknownAfter?: number | undefined };

const second = 1_000;
const minute = 60 * second;
const day = 24 * 60 * minute;

/** A provider's list lags and may take an order late: how long after the attempt's end a call can still turn up. */
export const reconcileWindow = 150 * second;
/** Looks into the list, counted from the attempt's end; the last decides. */
const looks = [5 * second, 20 * second, 60 * second, reconcileWindow];
/** After the last look, where a call may be made again in the end: until the list says something. */
export const lookAgainAfter = minute;
/** Waits after a passing fault at every account of the route: the phone should ring now, or not at all. */
const backoff = [3 * second, 10 * second, 30 * second, minute, 2 * minute, 5 * minute];
/** A copy for tracking is worth having late. */
const trackStaleAfter = 7 * day;
const trackMaxWait = 60 * minute;

export function isStale(delivery: Delivery, now: number, policy: Policy): boolean {
  return now - delivery.since > staleAfter(delivery, policy);
}

export function staleAfter({ kind }: Delivery, policy: Policy): number {
  return kind === 'call' ? policy.staleAfter : trackStaleAfter;
}

/** How long to wait after a passing fault, in milliseconds. */
export function waitAfter(delivery: Delivery): number {
  const index = delivery.passing - openAccounts(delivery).length;
  const listed = backoff[index];
  if (listed !== undefined) return listed;
  const last = backoff.at(-1) as number;
  return delivery.kind === 'call' ? last : Math.min(last * 2 ** (index - backoff.length + 1), trackMaxWait);
}

/** The next account of the route, round and round, that has not refused through a fault of its own. */
export function nextAccount(delivery: Delivery): string | undefined {
  const { route, account } = delivery;
  const at = route.indexOf(account);
  const open = openAccounts(delivery);
  return [...route.slice(at + 1), ...route.slice(0, at)].find((other) => open.includes(other));
}

/** Those of the route that have not refused. */
export function openAccounts({ route, refusals }: Delivery): string[] {
  return route.filter((account) => !refusals.some((refusal) => refusal.account === account));
}

export function firstLookAt(endedAt: number): number {
  return endedAt + (looks[0] as number);
}

/** Undefined: the list was read after the last look was due. */
export function nextLookAt({ endedAt }: Delivery, readAt: number): number | undefined {
  return looks.map((look) => (endedAt ?? readAt) + look).find((look) => look > readAt);
}
