/** Now, in milliseconds since 1970 UTC. */
export type Clock = () => number;

/** Resolves after this many milliseconds. */
export type Wait = (ms: number) => Promise<void>;

/** A fresh unguessable token of at least 128 bits, hex. */
export type NewNonce = () => string;

/** Reads a secret by the name it has in ringback.config.ts. Throws ConfigError when it is not set. */
export type ReadSecret = (name: string) => Promise<string>;
