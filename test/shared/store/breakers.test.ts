import { beforeEach, expect, test } from 'vitest';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { describeOnBothTables } from './tables.ts';

const minute = 60_000;
const start = Date.UTC(2026, 10, 22, 9);
let names = 0;
const fresh = (name: string) => `${name}-${names++}`;

describeOnBothTables("an account's breaker", (table) => {
  let now: number;
  let account: string;
  beforeEach(() => {
    now = start;
    account = fresh('account');
  });
  const breakers = () => createBreakerStore({ table: table(), newNonce: () => fresh('nonce'), clock: () => now });

  test('is closed until the account refuses, and open for that account alone', async () => {
    expect(await breakers().ask(account)).toEqual({ state: 'closed' });
    await breakers().open(account, 'wrong key');
    expect(await breakers().ask(account)).toEqual({ state: 'open', reason: 'wrong key' });
    expect(await breakers().ask(fresh('other'))).toEqual({ state: 'closed' });
  });

  test('is open at once for the process that opened it, though a glance may not show it yet', async () => {
    const behind = createBreakerStore({
      table: { ...table(), glance: async () => undefined },
      newNonce: () => fresh('nonce'),
      clock: () => now,
    });
    await behind.open(account, 'wrong key');
    expect(await behind.ask(account)).toEqual({ state: 'open', reason: 'wrong key' });
  });

  test('sends nobody away because of a glance that shows it open still', async () => {
    const pk = `breaker#${account}`;
    await breakers().open(account, 'wrong key');
    const old = await table().get(pk);
    await breakers().close(account);
    const behind = createBreakerStore({
      table: { ...table(), glance: async () => old },
      newNonce: () => fresh('nonce'),
      clock: () => now,
    });
    expect(await behind.ask(account)).toEqual({ state: 'closed' });
  });

  test('lets one caller probe after five minutes, however many ask at once', async () => {
    await breakers().open(account, 'wrong key');
    now += 5 * minute;
    const answers = await Promise.all(Array.from({ length: 8 }, () => breakers().ask(account)));
    expect(answers.filter(({ state }) => state === 'probe')).toHaveLength(1);
    expect(answers.filter(({ state }) => state === 'open')).toHaveLength(7);
    now += 5 * minute;
    expect(await breakers().ask(account)).toEqual({ state: 'probe' });
  });

  test('stays open after a probe that was refused, and remembers since when', async () => {
    await breakers().open(account, 'wrong key');
    now += 5 * minute;
    await breakers().ask(account);
    await breakers().open(account, 'no minutes');
    now += 5 * minute - 1;
    expect(await breakers().ask(account)).toEqual({ state: 'open', reason: 'no minutes' });
    expect(await breakers().look(account)).toMatchObject({ openedAt: start, reason: 'no minutes' });
  });

  test('closes for everybody at once, and a person who looks takes nobody’s turn', async () => {
    await breakers().open(account, 'wrong key');
    now += 5 * minute;
    expect(await breakers().look(account)).toMatchObject({ reason: 'wrong key' });
    expect(await breakers().ask(account)).toEqual({ state: 'probe' });
    await breakers().close(account);
    expect(await breakers().ask(account)).toEqual({ state: 'closed' });
    expect(await breakers().look(account)).toBeUndefined();
  });
});
