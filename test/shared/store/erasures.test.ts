import { expect, test } from 'vitest';
import { createErasedPhones } from '#shared/store/erased-phones.ts';
import { createErasureStore } from '#shared/store/erasures.ts';
import { describeOnBothTables } from './tables.ts';

let names = 0;
const fresh = (name: string) => `${name}-${names++}`;

describeOnBothTables('erased phones', (table) => {
  const open = () => {
    const ports = { table: table(), newNonce: () => fresh('nonce'), readKey: async () => 'the key' };
    return createErasedPhones(ports);
  };

  test('are known again, from the first lead to the last erasing', async () => {
    const [phone, other] = [fresh('+7916'), fresh('+7916')];
    await open().mark(phone, { from: 20, until: 30 });
    await open().mark(phone, { from: 10, until: 25 });
    await open().mark(phone, { from: 40, until: 50 });
    expect(await open().spansOf([phone, other, phone])).toEqual(new Map([[phone, { from: 10, until: 50 }]]));
    expect(await open().spansOf([])).toEqual(new Map());
  });

  test('stay for good, and only as a hash', async () => {
    const phone = fresh('+7916');
    await open().mark(phone, { from: 1, until: 2 });
    const hash = (await open().hasher())(phone);
    const row = await table().get(`erased#${hash}`);
    expect(row).toMatchObject({ value: { from: 1, until: 2 } });
    expect(row?.expiresAt).toBeUndefined();
    expect(JSON.stringify(row)).not.toContain(phone);
  });
});

describeOnBothTables('what is to be erased of an account', (table) => {
  const open = () => createErasureStore({ table: table(), newNonce: () => fresh('nonce') });
  const erasure = (lead: string, next: string, to: string) => ({ lead, phone: `hash of ${lead}`, next, to });

  test('is asked for once for each lead', async () => {
    const account = fresh('account');
    await open().ask(account, erasure('a', '2026-11-01', '2026-11-02'));
    await open().ask(account, erasure('a', '2026-11-01', '2026-11-02'));
    await open().ask(account, erasure('b', '2026-11-02', '2026-11-02'));
    expect((await open().get(account)).map(({ lead }) => lead)).toEqual(['a', 'b']);
    expect(await open().get(fresh('account'))).toEqual([]);
  });

  test('moves on by days, and is over after the last', async () => {
    const account = fresh('account');
    await open().ask(account, erasure('a', '2026-11-01', '2026-11-02'));
    await open().ask(account, erasure('b', '2026-11-02', '2026-11-03'));
    await open().endDay(account, '2026-11-01', '2026-11-02');
    expect((await open().get(account)).map(({ next }) => next)).toEqual(['2026-11-02', '2026-11-02']);
    await open().endDay(account, '2026-11-02', '2026-11-03');
    expect(await open().get(account)).toEqual([erasure('b', '2026-11-03', '2026-11-03')]);
    await open().endDay(account, '2026-11-03', '2026-11-04');
    expect(await open().get(account)).toEqual([]);
  });
});
