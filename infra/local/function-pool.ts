import type { FunctionProcess } from './function-process.ts';

/** Processes of one function: as many as Lambda gives a queue to begin with, and more where none has come back for a while, since they hang. */
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
  let isStarting = false;
  let patience: NodeJS.Timeout | undefined;
  let stopped = false;

  function add() {
    const process = start();
    isStarting = true;
    processes.add(process);
    const settle = () => {
      isStarting = false;
      giveBack(process);
    };
    // Whoever gets one that could not start is told so by it, and it has said on stderr what is wrong.
    process.ready.then(settle, settle);
    void process.ended.then(() => {
      processes.delete(process);
      if (idle.includes(process)) idle.splice(idle.indexOf(process), 1);
      grow();
    });
  }

  /** One at a time: a process takes a core to itself while it starts, and those that work would wait for many. */
  function grow() {
    if (stopped || isStarting || waiting.length === 0) return;
    if (processes.size < size.usual) add();
    else if (processes.size < size.most) patience ??= setTimeout(losePatience, size.patienceMs);
  }

  function losePatience() {
    patience = undefined;
    add();
  }

  function giveBack(process: FunctionProcess) {
    clearTimeout(patience);
    patience = undefined;
    const next = waiting.shift();
    if (next) next(process);
    else if (processes.has(process)) idle.push(process);
    grow();
  }

  async function take(): Promise<FunctionProcess> {
    const process = idle.pop();
    if (process) return process;
    return new Promise((resolve) => {
      waiting.push(resolve);
      grow();
    });
  }

  return {
    async invoke(event) {
      const process = await take();
      try {
        return await process.invoke(event);
      } finally {
        if (processes.has(process)) giveBack(process);
      }
    },
    async warm() {
      const process = await take();
      await process.ready.finally(() => giveBack(process));
    },
    pids: () => [...processes].map((process) => process.pid),
    async stop() {
      stopped = true;
      clearTimeout(patience);
      for (const process of processes) process.kill();
      await Promise.all([...processes].map((process) => process.ended));
    },
  };
}
