declare module 'dynalite' {
  import type { Server } from 'node:http';

  /** DynamoDB over HTTP, on LevelDB in `path` or in memory. */
  function dynalite(options?: { path?: string; createTableMs?: number }): Server;
  export = dynalite;
}
