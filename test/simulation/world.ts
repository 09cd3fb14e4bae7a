/** Numbers from 0 to 1, the same for the same seed. */
export type Random = () => number;

/** Where a process waits for the world outside: the only places where anything can go wrong. */
export type PortKind = 'table read' | 'table write' | 'queue' | 'http';

/**
 * What goes wrong at one such place. `crash-*`: the process is gone, before or after its request took effect;
 * `refused`: an error, and no effect; `answer-lost`: an error, though it took effect; `repeated`: the client of the service
 * sent it again when the first answer was lost, and gets the second; `stalled`: the answer takes most of a function's time.
 */
export const portFaults = ['crash-before', 'crash-after', 'refused', 'answer-lost', 'repeated', 'stalled'] as const;
export type PortFault = (typeof portFaults)[number];

export type FaultPlan = (kind: PortKind) => PortFault | undefined;

/** One invocation of a function: it has a clock of its own, and dies as a whole. */
export type Process = {
  name: string;
  clock: () => number;
  /** Reaches the world outside: takes a while, and may fail as the plan says. */
  reach<Result>(kind: PortKind, effect: () => Result | Promise<Result>): Promise<Result>;
  wait(ms: number): Promise<void>;
  kill(): void;
};

export type WorldOptions = {
  /** Milliseconds since 1970 UTC. */
  start: number;
  random: Random;
  plan: FaultPlan;
  /** Hears what happens, line by line. */
  trace?: ((line: string) => void) | undefined;
};

export type World = ReturnType<typeof createWorld>;

/** So late a client sends again what was not answered. */
const repeatAtMostMs = 9_000;

/** Events run in one turn of the engine's loop, for a turn costs a system call. */
const eventsPerTurn = 64;

/** A discrete-event world: all that runs in it is decided by the random numbers alone. */
export function createWorld({ start, random, plan, trace }: WorldOptions) {
  let now = start;
  let processes = 0;
  let failure: unknown;
  const events: { at: number; run: () => unknown }[] = [];

  function after(ms: number, run: () => unknown): void {
    const event = { at: now + ms, run };
    const index = events.findLastIndex((other) => other.at <= event.at);
    events.splice(index + 1, 0, event);
  }

  /** The line is only made when somebody listens. */
  function note(line: () => string): void {
    trace?.(`${new Date(now).toISOString().slice(11, 23)} ${line()}`);
  }

  /** Lets everything happen that is planned up to this instant. Rejects with what the code under test should never have thrown. */
  function runUntil(end: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let isOver = false;
      const runNext = () => {
        if (isOver) return;
        if (failure !== undefined) {
          isOver = true;
          return reject(failure);
        }
        const event = events[0];
        isOver = event === undefined || event.at > end;
        now = isOver ? end : (event?.at ?? end);
        if (isOver) return resolve();
        events.shift();
        event?.run();
      };
      // Between two immediates, whatever the first set off runs until it waits for the world again.
      const turn = () => {
        if (isOver) return;
        for (let count = 0; count < eventsPerTurn; count++) setImmediate(runNext);
        setImmediate(turn);
      };
      turn();
    });
  }

  function createProcess(purpose: string, skew: number, onDeath: () => void = () => {}): Process {
    const name = `${purpose} ${++processes}`;
    let isAlive = true;
    const die = () => {
      if (!isAlive) return;
      isAlive = false;
      onDeath();
    };
    const resume = (ms: number, run: () => unknown) => after(ms, () => isAlive && run());
    return {
      name,
      clock: () => now + skew,
      kill: die,
      wait: (ms) => new Promise((resolve) => resume(ms, resolve)),
      reach: (kind, effect) =>
        new Promise((resolve, reject) => {
          const fault = plan(kind);
          if (fault !== undefined) note(() => `${name}: ${kind} ${fault}`);
          resume(latency(random), async () => {
            if (fault === 'crash-before') return die();
            if (fault === 'refused') return reject(new SimulatedOutage(kind));
            try {
              const first = await effect();
              if (fault === 'crash-after') return die();
              if (fault === 'answer-lost') return reject(new SimulatedOutage(kind));
              const pause = fault === 'stalled' ? stall(random) : latency(random);
              if (fault !== 'repeated' || kind === 'http') return resume(pause, () => resolve(first));
              return resume(Math.floor(random() * repeatAtMostMs), async () => {
                try {
                  resolve(await effect());
                } catch (error) {
                  reject(error);
                }
              });
            } catch (error) {
              return reject(error);
            }
          });
        }),
    };
  }

  return {
    now: () => now,
    random,
    after,
    note,
    runUntil,
    createProcess,
    fail(error: unknown) {
      failure ??= error;
    },
  };
}

/** What the client of a service throws when it has given up. */
export class SimulatedOutage extends Error {
  override name = 'SimulatedOutage';
}

function latency(random: Random): number {
  return 1 + Math.floor(random() * 40);
}

function stall(random: Random): number {
  return 2_000 + Math.floor(random() * 50_000);
}
