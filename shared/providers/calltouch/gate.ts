import { type Fault, ProviderError } from '../../errors.ts';
import { lateMs } from '../../store/pace.ts';
import type { Pace, Prepared, ProviderPorts } from '../provider.ts';

/** Requests a second from one address, over all accounts and functions (register document). */
const perSecond = 5;
const slotsKey = 'calltouch';

/** An order is claimed before it waits here, and no claim leaves time for more. */
const maxWaitMs = 5_000;

/** A batch is claimed after its slots are reserved, which a function that has just started does slowly: a slot missed is lost. */
const claimAheadMs = 1_000;

const dayMs = 86_400_000;

const tooMany = (waitMs: number) =>
  new ProviderError('too many requests are waiting', {
    provider: 'calltouch',
    fault: 'passing',
    retryAfterSeconds: Math.ceil(waitMs / 1000),
  });

export type Gate = {
  /** Reserves slots and points for `count` requests at once; those that get no point will be turned away one by one. */
  prepare(count: number): Promise<Prepared>;
  /**
   * Runs a request in its slot, for a point where the account counts them; a request that proves not to have succeeded gives its point back.
   * Throws ProviderError, without running it: `passing` when the queue is long, `outOfPoints` when the day's points are gone.
   */
  pass<Answer>(request: () => Promise<Answer>, outOfPoints: Fault): Promise<Answer>;
};

type Paced = { siteId: string; dailyPoints?: number | undefined };

/** `dailyPoints`: how many successful requests the account may make in a UTC day. */
export function paceOf({ siteId, dailyPoints }: Paced): Pace {
  const points = dailyPoints === undefined ? null : { key: `calltouch-${siteId}`, perDay: dailyPoints };
  return { key: slotsKey, perSecond, points };
}

/** Where every request to Calltouch passes. */
export function createGate({ clock, wait, pace }: Pick<ProviderPorts, 'clock' | 'wait' | 'pace'>, paced: Paced): Gate {
  const { points } = paceOf(paced);
  const slots: number[] = [];
  let held = { day: '', count: 0 };

  async function prepare(count: number): Promise<Prepared> {
    const taken = points === null ? undefined : await pace.takePoints(points.key, count, points.perDay);
    if (taken !== undefined) {
      held = { day: taken.day, count: taken.taken + (held.day === taken.day ? held.count : 0) };
    }
    const wanted = taken === undefined ? count : taken.taken;
    const leaveAt = wanted === 0 ? [] : await pace.reserve(slotsKey, wanted, perSecond, claimAheadMs);
    slots.push(...leaveAt);
    return { leaveAt };
  }

  /** The day that the point was taken from; undefined where none are counted. */
  async function takePoint(outOfPoints: Fault): Promise<string | undefined> {
    if (points === null) return undefined;
    const now = clock();
    if (held.count > 0 && held.day === new Date(now).toISOString().slice(0, 10)) {
      held.count--;
      return held.day;
    }
    const { day, taken } = await pace.takePoints(points.key, 1, points.perDay);
    if (taken === 1) return day;
    throw new ProviderError("the day's points are used up", {
      provider: 'calltouch',
      fault: outOfPoints,
      retryAfterSeconds: Math.ceil((dayMs - (now % dayMs)) / 1000),
    });
  }

  async function waitForSlot(): Promise<void> {
    let leaveAt: number;
    do {
      leaveAt = slots.shift() ?? (await reserveOne());
      const waitMs = leaveAt - clock();
      if (waitMs > maxWaitMs) {
        throw tooMany(waitMs);
      }
      // A timer may fire a little early.
      while (clock() < leaveAt) await wait(leaveAt - clock());
    } while (clock() - leaveAt > lateMs);
  }

  async function reserveOne(): Promise<number> {
    const [leaveAt] = await pace.reserve(slotsKey, 1, perSecond);
    if (leaveAt === undefined) throw new Error('a reservation of one slot came back empty');
    return leaveAt;
  }

  return {
    prepare,
    async pass(request, outOfPoints) {
      const since = clock();
      const day = await takePoint(outOfPoints);
      try {
        await waitForSlot();
        // The table may have been slow, and the claim has no more time for this.
        if (clock() - since > maxWaitMs + lateMs) throw tooMany(clock() - since);
        return await request();
      } catch (error) {
        const mayHaveSucceeded = !(error instanceof ProviderError) || error.fault === 'unknown';
        if (points !== null && day !== undefined && !mayHaveSucceeded) await pace.givePointsBack(points.key, day, 1);
        throw error;
      }
    },
  };
}
