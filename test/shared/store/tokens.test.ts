import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { createTokenStore, type StoredToken, TokenWaitError, tokenLeaseMs } from '#shared/store/tokens.ts';
import { startDynalite, type TestDatabase } from '../../support/dynalite.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await startDynalite();
});
afterAll(() => database.stop());

const tables: Record<string, () => Table> = {
  memory: createMemoryTable,
  dynalite: () => createDynamoTable(database.client, database.tableName),
};

describe.each(Object.keys(tables))('tokens on %s', (kind) => {
  const hour = 3_600_000;
  let nonces = 0;
  let accounts = 0;
  let now: number;
  let waits: number;
  let onWait: () => void;
  let account: string;
  let table: Table;
  let fetches: number;

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1);
    waits = 0;
    fetches = 0;
    onWait = () => {};
    account = `${kind}-${++accounts}`;
    table = (tables[kind] as () => Table)();
  });

  /** A function's own view of the shared table; waiting lets the clock pass and the others work. */
  const openStore = () =>
    createTokenStore({
      table,
      clock: () => now,
      newNonce: () => `nonce-${++nonces}`,
      async wait(ms) {
        now += ms;
        waits++;
        onWait();
        await nextTurn();
      },
    });
  const fetchNext = async () => ({ token: `token-${++fetches}`, expiresAt: now + hour });

  test('keeps a token for every function until it runs out', async () => {
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
    now += hour - 1;
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
    now += 1;
    expect(await openStore().get(account, fetchNext)).toBe('token-2');
    expect(await openStore().get(`${account}-other`, fetchNext)).toBe('token-3');
  });

  test('replaces a revoked token once, however many met the refusal', async () => {
    const store = openStore();
    const revoked = await store.get(account, fetchNext);
    const renewed = await Promise.all([1, 2, 3].map(() => openStore().get(account, fetchNext, revoked)));
    expect(renewed).toEqual(['token-2', 'token-2', 'token-2']);
    expect(await store.get(account, fetchNext)).toBe('token-2');
    expect(fetches).toBe(2);
  });

  test('lets one fetch while the others wait for its token', async () => {
    const gate = Promise.withResolvers<StoredToken>();
    const expiresAt = now + hour;
    onWait = () => waits === 5 && gate.resolve({ token: 'the one', expiresAt });
    const fetchGated = () => {
      fetches++;
      return gate.promise;
    };
    const tokens = await Promise.all([1, 2, 3, 4].map(() => openStore().get(account, fetchGated)));
    expect(tokens).toEqual(['the one', 'the one', 'the one', 'the one']);
    expect(fetches).toBe(1);
  });

  test('passes a failed fetch on, and lets the next caller try at once', async () => {
    const failure = new Error('no answer');
    await expect(openStore().get(account, () => Promise.reject(failure))).rejects.toBe(failure);
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
    expect(waits).toBe(0);
  });

  test('takes over from a function that died while fetching, whose late token changes nothing', async () => {
    const dead = Promise.withResolvers<StoredToken>();
    const started = Promise.withResolvers<void>();
    const late = openStore().get(account, () => {
      started.resolve();
      return dead.promise;
    });
    await started.promise;
    now += tokenLeaseMs;
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
    dead.resolve({ token: 'late', expiresAt: now + hour });
    expect(await late).toBe('late');
    expect(await openStore().get(account, fetchNext)).toBe('token-1');
  });

  test('gives up when others fetch in vain one after the other', async () => {
    const crowded: Table = {
      ...table,
      get: async (pk) => ({ pk, version: 1, writer: 'w', value: { lease: { owner: 'another', until: now + 1 } } }),
    };
    const wait = async (ms: number) => {
      now += ms;
    };
    const store = createTokenStore({ table: crowded, clock: () => now, newNonce: () => 'nonce', wait });
    await expect(store.get(account, fetchNext)).rejects.toThrow(TokenWaitError);
    expect(fetches).toBe(0);
  });
});
