import type { NewNonce } from '../ports.ts';
import type { Row, Table } from './table.ts';

/** Which lead a provider's call belongs to: each call is given to at most one. Two accounts may list the same calls, so the ids count per provider. */
export type CallOwners = {
  /** Gives the call to this lead; resolves with the lead that has it, be it this one or an earlier. */
  take(provider: string, callId: string, lead: string): Promise<string>;
  ownerOf(provider: string, callId: string): Promise<string | undefined>;
  /** By call id, of up to 100 calls; those that belong to no lead are left out. */
  ownersOf(provider: string, callIds: string[]): Promise<Map<string, string>>;
};

/** How long a call stays its lead's: longer than providers still change what they say of it. */
export const callOwnerRetentionMs = 90 * 24 * 60 * 60_000;

export function createCallOwners({
  table,
  newNonce,
  expiresAt,
}: {
  table: Table;
  newNonce: NewNonce;
  expiresAt: () => number;
}): CallOwners {
  const key = (provider: string, callId: string) => `call#${provider}#${callId}`;
  const ownerOf = async (provider: string, callId: string) => {
    const row = (await table.get(key(provider, callId))) as Row<{ lead: string }> | undefined;
    return row?.value.lead;
  };
  return {
    ownerOf,
    async ownersOf(provider, callIds) {
      const prefix = key(provider, '');
      const rows = (await table.getMany(callIds.map((id) => prefix + id))) as Row<{ lead: string }>[];
      return new Map(rows.map(({ pk, value }) => [pk.slice(prefix.length), value.lead]));
    },
    async take(provider, callId, lead) {
      const row = {
        pk: key(provider, callId),
        version: 1,
        writer: newNonce(),
        value: { lead },
        expiresAt: expiresAt(),
      };
      if (await table.put(row)) return lead;
      return (await ownerOf(provider, callId)) ?? lead;
    },
  };
}
