import { send } from '#shared/http/send.ts';
import type { ProviderPorts } from '#shared/providers/provider.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import type { Table } from '#shared/store/table.ts';
import { createTokenStore } from '#shared/store/tokens.ts';

/** What a provider is connected with: real HTTP to this origin, the stores over one table in memory, and a clock that only waiting moves. */
export function createProviderPorts(origin: string, time: { now: number }): ProviderPorts & { table: Table } {
  let nonces = 0;
  const shared = {
    table: createMemoryTable(),
    clock: () => time.now,
    newNonce: () => `nonce-${++nonces}`,
    async wait(ms: number) {
      time.now += ms;
    },
  };
  return { ...shared, send, origin, tokens: createTokenStore(shared), pace: createPaceStore(shared) };
}
