import { type Fault, ProviderError } from '../../errors.ts';
import { lateMs } from '../../store/pace.ts';
import type { Prepared, ProviderPorts } from '../provider.ts';

/** Requests a second from one address, over all accounts and functions (register document). */
const perSecond = 5;

/** An order is claimed before it waits here, and no claim leaves time for more. */
const maxWaitMs = 5_000;

/** A batch is claimed after its slots are reserved, which a function that has just started does slowly: a slot missed is lost. */
const claimAheadMs = 1_000;

const dayMs = 86_400_000;

export type Gate = {
  /** Reserves slots and points for `count` requests at once; those that get no point will be turned away one by one. */
  prepare(count: number): Promise<Prepared>;
  /**
   * Runs a request in its slot, for a point where the account counts them; a request that proves not to have succeeded gives its point back.
   * Throws ProviderError, without running it: `passing` when the queue is long, `outOfPoints` when the day's points are gone.
   */
  pass<Answer>(request: () => Promise<Answer>, outOfPoints: Fault): Promise<Answer>;
};

/** Where every request to Calltouch passes. `dailyPoints`: how many successful requests the account may make in a UTC day. */
export function createGate(
  { clock, wait, pace }: Pick<ProviderPorts, 'clock' | 'wait' | 'pace'>,
  { siteId, dailyPoints }: { siteId: string; dailyPoints?: number | undefined },
): Gate {
  const slots: number[] = [];
  let held = { day: '', count: 0 };
  const pointsKey = `calltouch-${siteId}`;

  async function prepare(count: number): Promise<Prepared> {
    const points = dailyPoints === undefined ? undefined : await pace.takePoints(pointsKey, count, dailyPoints);
    if (points !== undefined) {
      held = { day: points.day, count: points.taken + (held.day === points.day ? held.count : 0) };
    }
    const wanted = points === undefined ? count : points.taken;
    const leaveAt = wanted === 0 ? [] : await pace.reserve('calltouch', wanted, perSecond, claimAheadMs);
    slots.push(...leaveAt);
    return { leaveAt };
  }

  /** The day that the point was taken from; undefined where none are counted. */
  async function takePoint(outOfPoints: Fault): Promise<string | undefined> {
    if (dailyPoints === undefined) return undefined;
    const now = clock();
    if (held.count > 0 && held.day === new Date(now).toISOString().slice(0, 10)) {
      held.count--;
      return held.day;
    }
    const { day, taken } = await pace.takePoints(pointsKey, 1, dailyPoints);
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
        throw new ProviderError('too many requests are waiting', {
          provider: 'calltouch',
          fault: 'passing',
          retryAfterSeconds: Math.ceil(waitMs / 1000),
        });
      }
      // A timer may fire a little early.
      while (clock() < leaveAt) await wait(leaveAt - clock());
    } while (clock() - leaveAt > lateMs);
  }

  async function reserveOne(): Promise<number> {
    const [leaveAt] = await pace.reserve('calltouch', 1, perSecond);
    if (leaveAt === undefined) throw new Error('a reservation of one slot came back empty');
    return leaveAt;
  }

  return {
    prepare,
    async pass(request, outOfPoints) {
      const day = await takePoint(outOfPoints);
      try {
        await waitForSlot();
        return await request();
      } catch (error) {
        const mayHaveSucceeded = !(error instanceof ProviderError) || error.fault === 'unknown';
        if (day !== undefined && !mayHaveSucceeded) await pace.givePointsBack(pointsKey, day, 1);
        throw error;
      }
    },
  };
}
