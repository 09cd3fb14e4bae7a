import type { Nudge } from '#shared/queue.ts';
import type { World } from './world.ts';

/** A message that was not dealt with comes back after this time (infra/constructs/delivery-queue.ts). */
const visibilityMs = 6 * 60_000;
const maxReceives = 5;
/** A second copy of a message may come at once, or long after the first. */
const copyLateAtMostMs = 60_000;

/** Works on a batch and tells, when it has ended in whatever way, which of its messages failed. */
export type WorkOnBatch = (nudges: Nudge[], onEnd: (failed: Nudge[]) => void) => void;

export type QueueOptions = {
  batchSize: number;
  /** So many batches are worked on at once. */
  concurrency: number;
  /** How many copies of a message arrive: 1, unless things go wrong. */
  copies: () => number;
  work: WorkOnBatch;
};

export type SimulatedQueue = {
  send(nudge: Nudge, delayMs: number): void;
  /** Failed so often that they were put aside. */
  deadLetters: Nudge[];
};

/** A queue and the poller that feeds a function from it, batch by batch. */
export function createQueue(world: World, { batchSize, concurrency, copies, work }: QueueOptions): SimulatedQueue {
  const visible: { nudge: Nudge; receives: number }[] = [];
  const deadLetters: Nudge[] = [];
  let underWay = 0;

  function arrive(nudge: Nudge, receives: number): void {
    visible.push({ nudge, receives });
    world.after(5 + Math.floor(world.random() * 100), poll);
  }

  function poll(): void {
    if (visible.length === 0 || underWay === concurrency) return;
    const batch = visible.splice(0, batchSize);
    underWay++;
    work(
      batch.map(({ nudge }) => nudge),
      (failed) => {
        for (const { nudge, receives } of batch) {
          if (!failed.includes(nudge)) continue;
          if (receives < maxReceives) world.after(visibilityMs, () => arrive(nudge, receives + 1));
          else deadLetters.push(nudge);
        }
        underWay--;
        poll();
      },
    );
  }

  return {
    deadLetters,
    send(nudge, delayMs) {
      const delaySeconds = Math.ceil(delayMs / 1000);
      const count = copies();
      if (count !== 1) world.note(() => `queue: a message for ${nudge.delivery} of ${nudge.lead} comes ${count} times`);
      for (let copy = 0; copy < count; copy++) {
        const late = copy === 0 ? 0 : Math.floor(Math.max(0, world.random() * 2 - 1) * copyLateAtMostMs);
        world.after(delaySeconds * 1000 + late, () => arrive({ ...nudge }, 1));
      }
    },
  };
}
