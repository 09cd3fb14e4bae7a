import type { CallOutcome } from '../lead/lead.ts';
import type { Clock, NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** Which lead a provider's call belongs to: each call is given to at most one. Two accounts may list the same calls, so the ids count per provider. */
export type CallOwners = {
  /** Gives the call to this lead unless another has it. */
  take(provider: string, callId: string, lead: string): Promise<Taken>;
  ownerOf(provider: string, callId: string): Promise<string | undefined>;
  /** By call id, of up to 100 calls; those that belong to no lead are left out. */
  ownersOf(provider: string, callIds: string[]): Promise<Map<string, string>>;
  /** Resolves with the lead that has the call; while there is none, keeps the news for whoever takes it. */
  report(provider: string, news: CallOutcome): Promise<string | undefined>;
  /** The lead is erased: if the call is its, that goes to `erasedOwner`, and what was reported of it is gone. */
  erase(provider: string, callId: string, lead: string): Promise<void>;
};

/** The lead that has a call, be it the one that asked for it or an earlier, and what was reported of the call while it was nobody's. */
export type Taken = { owner: string; reports: CallOutcome[] };

/** Stands in the place of a lead that was erased: the call is nobody's any more, and no other lead's either. */
export const erasedOwner = 'erased';

/** How long a call stays its lead's: longer than providers still change what they say of it. */
export const callOwnerRetentionMs = 90 * 86_400_000;
const reportRetentionMs = 7 * 86_400_000;

/** More than a call has stages; the rest is repetition. */
const maxReports = 10;

type Known = { lead?: string; reports?: CallOutcome[] };

export function createCallOwners(ports: { table: Table; newNonce: NewNonce; clock: Clock }): CallOwners {
  const { table, clock } = ports;
  const key = (provider: string, callId: string) => `call#${provider}#${callId}`;
  return {
    async take(provider, callId, lead) {
      const decide = ({ lead: owner, reports }: Known = {}) =>
        owner === undefined
          ? { value: { lead, ...(reports ? { reports } : {}) }, expiresAt: clock() + callOwnerRetentionMs }
          : undefined;
      // Most calls are new, so that this one write is all.
      const { value } = await change<Known>(ports, key(provider, callId), decide, { value: undefined, version: 0 });
      return { owner: value?.lead ?? lead, reports: value?.reports ?? [] };
    },
    async ownerOf(provider, callId) {
      const row = (await table.get(key(provider, callId))) as Row<Known> | undefined;
      return row?.value.lead;
    },
    async ownersOf(provider, callIds) {
      const prefix = key(provider, '');
      const rows = (await table.getMany(callIds.map((id) => prefix + id))) as Row<Known>[];
      return new Map(rows.flatMap(({ pk, value: { lead } }) => (lead ? [[pk.slice(prefix.length), lead]] : [])));
    },
    async report(provider, news) {
      const { value } = await change<Known>(ports, key(provider, news.callId), ({ lead, reports = [] } = {}) =>
        lead === undefined
          ? { value: { reports: [...reports, news].slice(-maxReports) }, expiresAt: clock() + reportRetentionMs }
          : undefined,
      );
      return value?.lead;
    },
    async erase(provider, callId, lead) {
      await change<Known>(ports, key(provider, callId), (known) =>
        known?.lead === lead ? { value: { lead: erasedOwner }, expiresAt: clock() + callOwnerRetentionMs } : undefined,
      );
    },
  };
}
