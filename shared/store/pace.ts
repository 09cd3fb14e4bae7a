/** Slots for requests to a provider that limits requests per address: reserved over all functions, one conditional write for a whole batch. */
export type PaceStore = {
  /**
   * Reserves `count` slots under `key`, at most `perSecond` of them in any second.
   * Resolves with the instants (milliseconds since 1970 UTC) at which each request may leave, in order.
   */
  reserve(key: string, count: number, perSecond: number): Promise<number[]>;
};
