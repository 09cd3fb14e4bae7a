import type { FunctionProcess } from './function-process.ts';

/** Processes of one function: as many as Lambda gives a queue to begin with, and more for those who wait long, since others hang. */
const poolSize = { usual: 5, most: 25, patienceMs: 500 };
/** So many invocations of one function can be under way. */
export const mostInvocations = poolSize.most;

/** All processes of one function. */
export type FunctionPool = {
  /** Runs the function in a process that does nothing else meanwhile; waits for one where all are busy. Rejects with FunctionError. */
  invoke(event: unknown): Promise<unknown>;
  /** Starts the first process, so that the first invocation need not wait for it. Rejects with FunctionError. */
  warm(): Promise<void>;
  pids(): number[];
  /** Ends all processes, whatever they are doing. */
  stop(): Promise<void>;
};

/** A pool that starts processes as they are needed and keeps them. */
export function createFunctionPool(start: () => FunctionProcess, size = poolSize): FunctionPool {
  const processes = new Set<FunctionProcess>();
  const idle: FunctionProcess[] = [];
  const waiting: ((process: FunctionProcess) => void)[] = [];
  let stopped = false;

  function add(): FunctionProcess {
    const process = start();
    processes.add(process);
    void process.ended.then(() => {
      processes.delete(process);
      if (idle.includes(process)) idle.splice(idle.indexOf(process), 1);
      if (!stopped) waiting.shift()?.(add());
    });
    return process;
  }

  async function take(): Promise<FunctionProcess> {
    const process = idle.pop();
    if (process) return process;
    if (processes.size < size.usual) return add();
    return new Promise((resolve) => {
      const grow = setTimeout(() => {
        if (!stopped && processes.size < size.most) waiting.splice(waiting.indexOf(given), 1)[0]?.(add());
      }, size.patienceMs);
      const given = (process: FunctionProcess) => {
        clearTimeout(grow);
        resolve(process);
      };
      waiting.push(given);
    });
  }

  function giveBack(process: FunctionProcess) {
    if (!processes.has(process)) return;
    const next = waiting.shift();
    if (next) next(process);
    else idle.push(process);
  }

  return {
    async invoke(event) {
      const process = await take();
      try {
        return await process.invoke(event);
      } finally {
        giveBack(process);
      }
    },
    async warm() {
      const process = await take();
      await process.ready.finally(() => giveBack(process));
    },
    pids: () => [...processes].map((process) => process.pid),
    async stop() {
      stopped = true;
      for (const process of processes) process.kill();
      await Promise.all([...processes].map((process) => process.ended));
    },
  };
}
