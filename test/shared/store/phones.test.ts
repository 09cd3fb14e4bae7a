import { beforeEach, expect, test } from 'vitest';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { describeOnBothTables } from './tables.ts';

const minute = 60_000;
const hour = 60 * minute;
const limit = { calls: 2, perHours: 24 };
let names = 0;
const fresh = (name: string) => `${name}-${names++}`;

describeOnBothTables('the phone guard', (table) => {
  let now: number;
  let phone: string;
  beforeEach(() => {
    now = Date.UTC(2026, 10, 22, 9);
    phone = `+7916${1_000_000 + names++}`;
  });
  const guard = (key = 'key') =>
    createPhoneGuard({
      table: table(),
      newNonce: () => fresh('nonce'),
      clock: () => now,
      readKey: async () => key,
    });
  const lead = (id: string, windowFrom: number | null = null, form = 'callback') => ({ lead: id, form, windowFrom });

  test('lets as many leads through as the limit says, whichever form they came by', async () => {
    expect(await guard().admit(phone, lead('a'), limit)).toBe('admitted');
    expect(await guard().admit(phone, lead('b', null, 'other'), limit)).toBe('admitted');
    expect(await guard().admit(phone, lead('c'), limit)).toBe('too-many');
    expect(await guard().admit(`${phone}0`, lead('c'), limit)).toBe('admitted');
  });

  test('counts a lead once, and lets it pass again', async () => {
    for (const id of ['a', 'b']) await guard().admit(phone, lead(id), limit);
    expect(await guard().admit(phone, lead('a'), limit)).toBe('admitted');
    expect((await guard().admitted(phone)).map((admission) => admission.lead)).toEqual(['a', 'b']);
  });

  test('tells who was let through to many phones at once', async () => {
    await guard().admit(phone, lead('a'), limit);
    const admitted = await guard().admittedTo([phone, phone, `${phone}0`]);
    expect([...admitted].map(([to, admissions]) => [to, admissions.map((admission) => admission.lead)])).toEqual([
      [phone, ['a']],
    ]);
  });

  test('of ten at once lets no more through than the limit', async () => {
    const verdicts = await Promise.all(
      Array.from({ length: 10 }, (_, index) => guard().admit(phone, lead(`${index}`), limit)),
    );
    expect(verdicts.filter((verdict) => verdict === 'admitted')).toHaveLength(limit.calls);
  });

  test('forgets a ring after the hours of the limit', async () => {
    for (const id of ['a', 'b']) await guard().admit(phone, lead(id), limit);
    now += 24 * hour - 1;
    expect(await guard().admit(phone, lead('c'), limit)).toBe('too-many');
    now += 1;
    expect(await guard().admit(phone, lead('c'), limit)).toBe('admitted');
  });

  test('remembers rings as long as the longest hours that were asked for', async () => {
    const week = { calls: 1, perHours: 7 * 24 };
    await guard().admit(phone, lead('a'), week);
    now += 6 * 24 * hour;
    expect(await guard().admit(phone, lead('b'), week)).toBe('too-many');
  });

  test('tells two leads of one window for duplicates of each other, across its edge too', async () => {
    expect(await guard().admit(phone, lead('a', now), limit)).toBe('admitted');
    expect(await guard().admit(phone, lead('b', now + 10 * minute - 1), limit)).toBe('duplicate');
    expect(await guard().admit(phone, lead('b', now - 10 * minute + 1), limit)).toBe('duplicate');
    expect(await guard().admit(phone, lead('c', now + 10 * minute), limit)).toBe('admitted');
  });

  test('does not take leads of two forms, or with keys of their own, for duplicates', async () => {
    const roomy = { calls: 10, perHours: 24 };
    await guard().admit(phone, lead('a', now), roomy);
    expect(await guard().admit(phone, lead('b', now, 'other'), roomy)).toBe('admitted');
    expect(await guard().admit(phone, lead('c', null), roomy)).toBe('admitted');
  });

  test('stores no phone, and another key gives another hash', async () => {
    await guard().admit(phone, lead('a'), limit);
    expect(await guard('another key').admitted(phone)).toEqual([]);
    expect(await table().get(`phone#${phone}`)).toBeUndefined();
  });
});
