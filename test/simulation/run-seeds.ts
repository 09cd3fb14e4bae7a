import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Verdict } from './checker.ts';

export type WorkerSettings = { mutant?: string | undefined; design?: 'textbook' | undefined };
export type ToWorker = { from: number; count: number };
export type FromWorker = { seed: number; verdict: Verdict };

/** Wishes over all seeds; `findings`: what was wrong, in words, with the seed. */
export type Totals = {
  seeds: number;
  wishes: number;
  lost: number;
  double: number;
  held: number;
  unfinished: number;
  unexpected: number;
  findings: { seed: number; words: string }[];
};

export type SeedsOptions = WorkerSettings & {
  from: number;
  count: number;
  /** Enough is known with the first finding. */
  stopAtFirst?: boolean;
  onSeed?: (totals: Totals) => void;
};

const chunk = 25;

/** Plays seeds one after the other on every core. Rejects when a worker cannot start. */
export async function runSeeds({ from, count, stopAtFirst, onSeed, ...settings }: SeedsOptions): Promise<Totals> {
  const totals: Totals = {
    seeds: 0,
    wishes: 0,
    lost: 0,
    double: 0,
    held: 0,
    unfinished: 0,
    unexpected: 0,
    findings: [],
  };
  let next = from;
  const isOver = () => next >= from + count || (stopAtFirst && totals.findings.length > 0);

  async function work(): Promise<void> {
    const worker = new Worker(new URL('worker.ts', import.meta.url), { workerData: settings });
    try {
      while (!isOver()) {
        const task: ToWorker = { from: next, count: Math.min(chunk, from + count - next) };
        next += task.count;
        await playChunk(worker, task, (result) => {
          add(totals, result);
          onSeed?.(totals);
        });
      }
    } finally {
      await worker.terminate();
    }
  }

  await Promise.all(Array.from({ length: Math.min(availableParallelism(), Math.ceil(count / chunk)) }, work));
  return totals;
}

function playChunk(worker: Worker, task: ToWorker, onResult: (result: FromWorker) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let left = task.count;
    worker.removeAllListeners();
    worker.on('error', reject);
    worker.on('message', (result: FromWorker) => {
      onResult(result);
      if (--left === 0) resolve();
    });
    worker.postMessage(task);
  });
}

function add(totals: Totals, { seed, verdict }: FromWorker): void {
  totals.seeds++;
  totals.wishes += verdict.wishes;
  totals.held += verdict.held;
  for (const kind of ['lost', 'double', 'unexpected', 'unfinished'] as const) {
    totals[kind] += verdict[kind].length;
    totals.findings.push(...verdict[kind].map((words) => ({ seed, words: `${kind}: ${words}` })));
  }
}
