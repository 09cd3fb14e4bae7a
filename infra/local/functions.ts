import { createFunctionPool } from './function-pool.ts';
import { startFunctionProcess } from './function-process.ts';
import { readableLine } from './readable-line.ts';
import type { FunctionDefinition } from './template.ts';

export type Functions = {
  /** Rejects with FunctionError. */
  invoke(name: string, event: unknown): Promise<unknown>;
  /** Starts a process of each. Rejects with FunctionError when one cannot be loaded. */
  warm(): Promise<void>;
  pids(): Record<string, number[]>;
  stop(): Promise<void>;
};

/** A pool of processes for each function of the template. */
export function startFunctions(
  definitions: FunctionDefinition[],
  assemblyFolder: string,
  environmentOf: (definition: FunctionDefinition) => Record<string, string>,
  log: (line: string) => void,
): Functions {
  const output = { stdout: (line: string) => log(readableLine(line)), stderr: log };
  const pools = new Map(
    definitions.map((definition) => {
      const environment = environmentOf(definition);
      const start = () => startFunctionProcess(definition, assemblyFolder, environment, output);
      return [definition.name, createFunctionPool(start)] as const;
    }),
  );
  return {
    async invoke(name, event) {
      const pool = pools.get(name);
      if (pool === undefined) throw new Error(`there is no function "${name}"`);
      return pool.invoke(event);
    },
    async warm() {
      await Promise.all([...pools.values()].map((pool) => pool.warm()));
    },
    pids: () => Object.fromEntries([...pools].map(([name, pool]) => [name, pool.pids()])),
    async stop() {
      await Promise.all([...pools.values()].map((pool) => pool.stop()));
    },
  };
}
