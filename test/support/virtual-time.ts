import { setImmediate as settle } from 'node:timers/promises';

/** Time that passes only when all work waits for it. For work that waits on nothing but `wait` and in-memory parts. */
export function createVirtualTime(start: number) {
  let now = start;
  const timers: { at: number; wake: () => void }[] = [];
  return {
    clock: () => now,
    wait: (ms: number) => new Promise<void>((wake) => void timers.push({ at: now + Math.max(0, ms), wake })),
    /** Lets time pass until this work is done. Throws when it waits for something that never comes. */
    async run<Result>(work: Promise<Result>): Promise<Result> {
      let isDone = false;
      const finish = () => {
        isDone = true;
      };
      work.then(finish, finish);
      while (true) {
        await settle();
        if (isDone) return work;
        const next = timers.toSorted((a, b) => a.at - b.at)[0];
        if (next === undefined) throw new Error('the work waits for something other than time');
        timers.splice(timers.indexOf(next), 1);
        now = next.at;
        next.wake();
      }
    },
  };
}

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
export function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
