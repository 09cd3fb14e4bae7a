import { expect, test } from 'vitest';
import { createFundsStore } from '#shared/store/funds.ts';
import { describeOnBothTables } from './tables.ts';

describeOnBothTables("an account's funds", (table) => {
  test('are those that were read last, and since when', async () => {
    let now = Date.UTC(2026, 10, 22);
    let nonces = 0;
    const funds = createFundsStore({ table: table(), newNonce: () => `nonce-${nonces++}`, clock: () => now });
    expect(await funds.look('main')).toBeUndefined();
    await funds.keep('main', { minutesLeft: 120, paidTill: now });
    now += 60_000;
    await funds.keep('main', { minutesLeft: 0.5, paidTill: null });
    expect(await funds.look('main')).toEqual({ minutesLeft: 0.5, paidTill: null, readAt: now });
    expect(await funds.look('spare')).toBeUndefined();
  });
});
