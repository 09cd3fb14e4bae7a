import type { Clock, NewNonce } from '../ports.ts';
import { type Day, dayAt } from '../stats/day.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

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

/** The same for a person to read, who takes nothing by it. */
export type PaceView = {
  /** In how many milliseconds a slot is free. */
  waitMs(key: string, perSecond: number): Promise<number>;
  /** What this UTC day has left of its points. */
  pointsLeft(key: string, perDay: number): Promise<number>;
};

/** How many points were to be had, how many the day (`2026-01-31`, UTC) has left. */
export type PointsTaken = { day: string; taken: number; left: number };

/**
 * A provider counts requests when they arrive, not when they leave. A slot is a second and this much later than that of the fifth request before it,
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
    const asked = clock();
    let slots: number[] = [];
    await change<Slots>(ports, slotsRow(key), (current) => {
      slots = nextSlots(current?.last ?? [], count, perSecond, clock() + ahead);
      const last = [...(current?.last ?? []), ...slots].slice(-perSecond);
      return { value: { last }, expiresAt: (last.at(-1) ?? 0) + dayMs };
    });
    const took = clock() - asked;
    // A table so slow that the first slot has gone by: these are given up, and the next ones lie farther ahead.
    if ((slots[0] ?? 0) < clock()) return reserve(key, count, perSecond, 2 * took + ahead);
    return slots;
  };

  return {
    reserve: (key, count, perSecond, ahead) => reserve(key, count, perSecond, ahead),

    async takePoints(key, count, perDay) {
      const day = dayAt(clock());
      let taken = 0;
      const { value } = await change<{ spent: number }>(ports, pointsRow(key, day), (current) => {
        const spent = current?.spent ?? 0;
        taken = Math.max(0, Math.min(count, perDay - spent));
        return taken === 0 ? undefined : { value: { spent: spent + taken }, expiresAt: clock() + 2 * dayMs };
      });
      return { day, taken, left: Math.max(0, perDay - (value?.spent ?? 0)) };
    },

    async givePointsBack(key, day, count) {
      await change<{ spent: number }>(
        ports,
        pointsRow(key, day),
        (current) =>
          current && { value: { spent: Math.max(0, current.spent - count) }, expiresAt: clock() + 2 * dayMs },
      );
    },
  };
}

export function createPaceView({ table, clock }: { table: Pick<Table, 'get'>; clock: Clock }): PaceView {
  return {
    async waitMs(key, perSecond) {
      const row = (await table.get(slotsRow(key))) as Row<Slots> | undefined;
      const [free = 0] = nextSlots(row?.value.last ?? [], 1, perSecond, clock());
      return free - clock();
    },

    async pointsLeft(key, perDay) {
      const row = (await table.get(pointsRow(key, dayAt(clock())))) as Row<{ spent: number }> | undefined;
      return Math.max(0, perDay - (row?.value.spent ?? 0));
    },
  };
}

/** The slots that were given away last, in order, as many as a second has. */
type Slots = { last: number[] };

/** The first `count` instants from `earliest` on that leave any second its limit. Pure. */
function nextSlots(last: number[], count: number, perSecond: number, earliest: number): number[] {
  const all = [...last];
  while (all.length < last.length + count) {
    const aSecondBefore = all.at(-perSecond);
    const free = aSecondBefore === undefined ? earliest : aSecondBefore + 1000 + marginMs;
    all.push(Math.max(earliest, free, all.at(-1) ?? 0));
  }
  return all.slice(last.length);
}

const slotsRow = (key: string) => `pace#${key}`;
const pointsRow = (key: string, day: Day) => `points#${key}#${day}`;
