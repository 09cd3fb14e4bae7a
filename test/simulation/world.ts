import { setImmediate as settle } from 'node:timers/promises';

/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

/** Where a process waits for the world outside: the only places where anything can go wrong. */
export type PortKind = 'table read' | 'table write' | 'queue' | 'http';

/**
 * What goes wrong at one such place. `crash-*`: the process is gone, before or after its request took effect;
 * `refused`: an error, and no effect; `answer-lost`: an error, though it took effect.
 */
export type PortFault = 'crash-before' | 'crash-after' | 'refused' | 'answer-lost';

export type FaultPlan = (kind: PortKind) => PortFault | undefined;

/** One invocation of a function: it has a clock of its own, and dies as a whole. */
export type Process = {
  clock: () => number;
  /** Reaches the world outside: takes a while, and may fail as the plan says. */
  reach<Result>(kind: PortKind, effect: () => Result | Promise<Result>): Promise<Result>;
  wait(ms: number): Promise<void>;
  kill(): void;
};

export type World = ReturnType<typeof createWorld>;

/** A discrete-event world: all that runs in it is decided by the random numbers alone. Time in milliseconds since 1970 UTC. */
export function createWorld(start: number, random: Random, plan: FaultPlan) {
  let now = start;
  let order = 0;
  const events: { at: number; order: number; run: () => unknown }[] = [];

  function after(ms: number, run: () => unknown): void {
    const event = { at: now + ms, order: order++, run };
    const index = events.findLastIndex((other) => other.at <= event.at);
    events.splice(index + 1, 0, event);
  }

  /** Lets everything happen that is planned up to this instant. */
  async function runUntil(end: number): Promise<void> {
    while (events[0] !== undefined && events[0].at <= end) {
      const event = events.shift() as (typeof events)[number];
      now = event.at;
      event.run();
      // Whatever this set off runs until it waits for the world again.
      await settle();
    }
    now = end;
  }

  function createProcess(skew: number, onDeath: () => void = () => {}): Process {
    let isAlive = true;
    const die = () => {
      if (!isAlive) return;
      isAlive = false;
      onDeath();
    };
    const resume = (ms: number, run: () => unknown) => after(ms, () => isAlive && run());
    return {
      clock: () => now + skew,
      kill: die,
      wait: (ms) => new Promise((resolve) => resume(ms, resolve)),
      reach: (kind, effect) =>
        new Promise((resolve, reject) => {
          const fault = plan(kind);
          resume(latency(random), async () => {
            if (fault === 'crash-before') return die();
            if (fault === 'refused') return reject(new SimulatedOutage(kind));
            try {
              const result = await effect();
              if (fault === 'crash-after') return die();
              if (fault === 'answer-lost') return reject(new SimulatedOutage(kind));
              return resume(latency(random), () => resolve(result));
            } catch (error) {
              return reject(error);
            }
          });
        }),
    };
  }

  return { now: () => now, random, after, runUntil, createProcess };
}

/** What the client of a service throws when it has given up. */
export class SimulatedOutage extends Error {
  override name = 'SimulatedOutage';
}

function latency(random: Random): number {
  return 1 + Math.floor(random() * 40);
}
