import type { Log } from '#shared/log.ts';
import type { PaceStore } from '#shared/store/pace.ts';

/** The same store, which tells with every take what the day's budget has left. */
export function reportPoints(pace: PaceStore, log: Log): PaceStore {
  return {
    ...pace,
    async takePoints(key, count, perDay) {
      const points = await pace.takePoints(key, count, perDay);
      log('points taken', { budget: key, taken: points.taken }, { PointsLeft: points.left });
      return points;
    },
  };
}
