import { createFunctionPool } from './function-pool.ts';
import { startFunctionProcess } from './function-process.ts';
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
  invoked: (functionName: string, ms: number, event: unknown) => void = () => {},
): Functions {
  const output = { stdout: log, stderr: log };
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
      const startedAt = performance.now();
      try {
        return await pool.invoke(event);
      } finally {
        invoked(name, performance.now() - startedAt, event);
      }
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
