import type { NewNonce } from '../ports.ts';
import type { Row, Table } from './table.ts';

/** Which lead a provider's call belongs to: each call is given to at most one. */
export type CallOwners = {
  /** Gives the call to this lead; resolves with the lead that has it, be it this one or an earlier. */
  take(account: string, callId: string, lead: string): Promise<string>;
  ownerOf(account: string, callId: string): Promise<string | undefined>;
};

export function createCallOwners({
  table,
  newNonce,
  expiresAt,
}: {
  table: Table;
  newNonce: NewNonce;
  expiresAt: () => number;
}): CallOwners {
  const key = (account: string, callId: string) => `call#${account}#${callId}`;
  const ownerOf = async (account: string, callId: string) => {
    const row = (await table.get(key(account, callId))) as Row<{ lead: string }> | undefined;
    return row?.value.lead;
  };
  return {
    ownerOf,
    async take(account, callId, lead) {
      const row = { pk: key(account, callId), version: 1, writer: newNonce(), value: { lead }, expiresAt: expiresAt() };
      if (await table.put(row)) return lead;
      return (await ownerOf(account, callId)) ?? lead;
    },
  };
}
