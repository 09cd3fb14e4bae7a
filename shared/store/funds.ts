import type { Clock, NewNonce } from '../ports.ts';
import { change } from './change.ts';
import type { Row, Table } from './table.ts';

/** What an account has left to ring phones with; null: its provider does not tell. `paidTill` in milliseconds since 1970 UTC. */
export type Funds = { minutesLeft: number | null; paidTill: number | null };

/** `readAt`: when the provider said so, milliseconds since 1970 UTC. */
export type KnownFunds = Funds & { readAt: number };

/** What providers last said of their accounts' funds, for those who may not ask them. */
export type FundsStore = {
  keep(account: string, funds: Funds): Promise<void>;
  look(account: string): Promise<KnownFunds | undefined>;
};

/** Older than this it says nothing any more. */
const keptMs = 30 * 86_400_000;

export function createFundsStore(ports: { table: Table; newNonce: NewNonce; clock: Clock }): FundsStore {
  const { table, clock } = ports;
  const keyOf = (account: string) => `funds#${account}`;
  return {
    async keep(account, funds) {
      const draft = { value: { ...funds, readAt: clock() }, expiresAt: clock() + keptMs };
      await change<KnownFunds>(ports, keyOf(account), () => draft);
    },
    async look(account) {
      return ((await table.get(keyOf(account))) as Row<KnownFunds> | undefined)?.value;
    },
  };
}
