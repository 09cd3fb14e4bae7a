/** A provider's session token, shared by all functions behind one egress address. Times in milliseconds since 1970 UTC. */
export type StoredToken = { token: string; expiresAt: number };

export type TokenStore = {
  /**
   * The token of this account; when there is none, it has run out, or it is the one named as `revoked`,
   * one caller runs `fetchToken` while the others wait for its result.
   * Rejects with whatever `fetchToken` rejected with.
   */
  get(account: string, fetchToken: () => Promise<StoredToken>, revoked?: string): Promise<string>;
};
