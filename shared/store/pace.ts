import type { Clock, NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Table } from './table.ts';

/** What a provider allows in a second and in a day, shared by all functions: each reservation is one conditional write, however large. */
export type PaceStore = {
  /**
   * Reserves `count` slots under `key`, at most `perSecond` of them in any second.
   * Resolves with the instants (milliseconds since 1970 UTC), all still to come, at which each request may leave, in order;
   * the first lies at least `ahead` milliseconds from now, for what has to be done before it.
   * A request that misses its instant by more than `lateMs` has lost it.
   */
  reserve(key: string, count: number, perSecond: number, ahead?: number): Promise<number[]>;
  /** Takes up to `count` of the `perDay` points that `key` has in each UTC day. */
  takePoints(key: string, count: number, perDay: number): Promise<PointsTaken>;
  /** Returns points of this day (`PointsTaken.day`) that were not spent after all. */
  givePointsBack(key: string, day: string, count: number): Promise<void>;
};

/** How many points were to be had, how many the day (`2026-01-31`, UTC) has left. */
export type PointsTaken = { day: string; taken: number; left: number };

/**
 * A provider counts requests when they arrive, not when they leave. Slots that are five apart are a second and this much apart,
 * so a request may reach the provider this much later than usual: a late timer, the clocks' difference and the network together.
 * More would use less than 95% of five a second.
 */
const marginMs = 52;

/** How much of the margin the sender may use up; the rest is the network's. */
export const lateMs = 20;

/** Where nothing else has to be done before it, the first slot lies this far ahead, for the write takes its time. */
const aheadMs = 50;

const dayMs = 86_400_000;

/**
 * Slots in the row `pace#<key>`, points in `points#<key>#<day>`. A write whose answer is lost while another's follows counts twice:
 * that is a slot unused or a point miscounted, which the provider's own count forgives.
 */
export function createPaceStore(ports: { table: Table; clock: Clock; newNonce: NewNonce }): PaceStore {
  const { clock } = ports;

  const reserve = async (key: string, count: number, perSecond: number, ahead = aheadMs): Promise<number[]> => {
    const spacing = (1000 + marginMs) / perSecond;
    const asked = clock();
    let first = 0;
    await change<{ next: number }>(ports, `pace#${key}`, (current) => {
      first = Math.max(clock() + ahead, current?.next ?? 0);
      const next = first + count * spacing;
      return { value: { next }, expiresAt: next + dayMs };
    });
    const took = clock() - asked;
    // A table so slow that the first slot has gone by: these are given up, and the next ones lie farther ahead.
    if (first < clock()) return reserve(key, count, perSecond, 2 * took + ahead);
    return Array.from({ length: count }, (_, index) => Math.ceil(first + index * spacing));
  };

  return {
    reserve: (key, count, perSecond, ahead) => reserve(key, count, perSecond, ahead),

    async takePoints(key, count, perDay) {
      const day = new Date(clock()).toISOString().slice(0, 10);
      let taken = 0;
      const { value } = await change<{ spent: number }>(ports, `points#${key}#${day}`, (current) => {
        const spent = current?.spent ?? 0;
        taken = Math.max(0, Math.min(count, perDay - spent));
        return taken === 0 ? undefined : { value: { spent: spent + taken }, expiresAt: clock() + 2 * dayMs };
      });
      return { day, taken, left: Math.max(0, perDay - (value?.spent ?? 0)) };
    },

    async givePointsBack(key, day, count) {
      await change<{ spent: number }>(
        ports,
        `points#${key}#${day}`,
        (current) =>
          current && { value: { spent: Math.max(0, current.spent - count) }, expiresAt: clock() + 2 * dayMs },
      );
    },
  };
}
