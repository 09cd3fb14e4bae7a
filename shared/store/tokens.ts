import type { Clock, NewNonce, Wait } from '../ports.ts';
import { change } from './change.ts';
import type { Table } from './table.ts';

/** A provider's session token, shared by all functions behind one egress address. Times in milliseconds since 1970 UTC. */
export type StoredToken = { token: string; expiresAt: number };

export type TokenStore = {
  /**
   * The token of this account; when there is none, it has run out, or it is the one named as `revoked`,
   * one caller runs `fetchToken` while the others wait for its result.
   * Rejects with whatever `fetchToken` rejected with, and with TokenWaitError when others took too long over it.
   */
  get(account: string, fetchToken: () => Promise<StoredToken>, revoked?: string): Promise<string>;
};

/** Another function was fetching the token and did not come back with one in time. */
export class TokenWaitError extends Error {
  override name = 'TokenWaitError';
}

/** A `fetchToken` that takes longer than this loses its right to be the only one. */
export const tokenLeaseMs = 10_000;
const pollMs = 200;

/** Either the token or who is fetching one, until when. */
type Entry = { held?: StoredToken; lease?: { owner: string; until: number } };

/** Tokens in the table, one row per account. */
export function createTokenStore(ports: { table: Table; clock: Clock; newNonce: NewNonce; wait: Wait }): TokenStore {
  const { clock, newNonce, wait } = ports;

  /** Takes the right to fetch, unless there is a usable token or somebody else has that right. */
  const takeLease = async (pk: string, owner: string, revoked: string | undefined) => {
    const { value } = await change<Entry>(ports, pk, (entry) => {
      if (usableToken(entry, clock(), revoked) !== undefined) return undefined;
      if (entry?.lease !== undefined && (entry.lease.owner === owner || entry.lease.until > clock())) return undefined;
      const until = clock() + tokenLeaseMs;
      return { value: { lease: { owner, until } }, expiresAt: until };
    });
    return value;
  };

  /** Writes what the fetch gave, or nothing, in place of the lease; a lease that others took over is theirs. */
  const giveLeaseBack = (pk: string, owner: string, held?: StoredToken) =>
    change<Entry>(ports, pk, (entry) => {
      if (entry?.lease?.owner !== owner) return undefined;
      return { value: held === undefined ? {} : { held }, expiresAt: held?.expiresAt ?? clock() };
    });

  const fetchAndKeep = async (pk: string, owner: string, fetchToken: () => Promise<StoredToken>) => {
    let fetched: StoredToken;
    try {
      fetched = await fetchToken();
    } catch (error) {
      await giveLeaseBack(pk, owner);
      throw error;
    }
    await giveLeaseBack(pk, owner, fetched);
    return fetched.token;
  };

  return {
    async get(account, fetchToken, revoked) {
      const pk = `token#${account}`;
      const owner = newNonce();
      const patience = clock() + tokenLeaseMs;
      while (true) {
        const entry = await takeLease(pk, owner, revoked);
        const token = usableToken(entry, clock(), revoked);
        if (token !== undefined) return token;
        if (entry?.lease?.owner === owner) return fetchAndKeep(pk, owner, fetchToken);
        if (clock() > patience) throw new TokenWaitError(`the token of "${account}" is long in coming`);
        await wait(pollMs);
      }
    },
  };
}

function usableToken(entry: Entry | undefined, now: number, revoked: string | undefined): string | undefined {
  const held = entry?.held;
  return held !== undefined && held.expiresAt > now && held.token !== revoked ? held.token : undefined;
}
