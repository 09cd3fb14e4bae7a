/** What a function's process is told when it starts. */
export type RuntimeSettings = {
  /** The bundle, and which of its exports is the handler. */
  file: string;
  exportName: string;
  functionName: string;
  functionArn: string;
  memoryMb: number;
};

/** One invocation; `deadline` in milliseconds since 1970 UTC. */
export type ToRuntime = { requestId: string; deadline: number; event: unknown };

export type FromRuntime =
  | { kind: 'ready' }
  | { kind: 'result'; value?: unknown }
  | { kind: 'error'; name: string; message: string };
