import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createDynamoTable } from '#shared/store/dynamo-table.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import type { Table } from '#shared/store/table.ts';
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

describe.each(Object.keys(tables))('pace on %s', (kind) => {
  let now: number;
  let key: string;
  let table: Table;
  let nonces = 0;
  let keys = 0;

  beforeEach(() => {
    now = Date.UTC(2026, 0, 1, 23);
    key = `${kind}-${++keys}`;
    table = (tables[kind] as () => Table)();
  });

  /** A function's own view of the shared table. */
  const openStore = (over: Table = table) =>
    createPaceStore({ table: over, clock: () => now, newNonce: () => `nonce-${++nonces}` });

  const distancesOf = (slots: number[], steps: number) =>
    slots.slice(steps).map((slot, index) => slot - (slots[index] ?? Number.NaN));

  test('keeps each slot a second and 50 ms apart from the fifth before, and loses less than 5%', async () => {
    const slots = await openStore().reserve(key, 100, 5);
    expect(slots).toHaveLength(100);
    expect(Math.min(...distancesOf(slots, 5))).toBeGreaterThan(1050);
    expect(Math.max(...distancesOf(slots, 95))).toBeLessThanOrEqual(20_000);
  });

  test('gives five slots at once to a queue that was idle, and the sixth a second later', async () => {
    const slots = [...(await openStore().reserve(key, 3, 5)), ...(await openStore().reserve(key, 3, 5))];
    expect(slots.map((slot) => slot - (slots[0] ?? 0))).toEqual([0, 0, 0, 0, 0, 1052]);
  });

  test('reserves a batch with one write', async () => {
    let puts = 0;
    const counted: Table = {
      ...table,
      put(row) {
        puts++;
        return table.put(row);
      },
    };
    await openStore(counted).reserve(key, 10, 5);
    expect(puts).toBe(1);
  });

  test('lets an idle queue start at once, but never in the past', async () => {
    const [first = 0] = await openStore().reserve(key, 1, 5);
    expect(first - now).toBeGreaterThanOrEqual(0);
    expect(first - now).toBeLessThanOrEqual(50);
    now += 60_000;
    const [second = 0] = await openStore().reserve(key, 1, 5);
    expect(second).toBeGreaterThanOrEqual(now);
    expect(second - now).toBeLessThanOrEqual(50);
  });

  test('leaves as much time before the first slot as is asked for', async () => {
    const [first = 0] = await openStore().reserve(key, 10, 5, 1_000);
    expect(first - now).toBe(1_000);
    const [next = 0] = await openStore().reserve(key, 10, 5, 1_000);
    expect(next - first).toBeGreaterThan(2_000);
  });

  test('gives functions that reserve at the same time slots of their own', async () => {
    const batches = await Promise.all(Array.from({ length: 8 }, () => openStore().reserve(key, 10, 5)));
    const slots = batches.flat().sort((a, b) => a - b);
    expect(slots).toHaveLength(80);
    expect(Math.min(...distancesOf(slots, 5))).toBeGreaterThan(1050);
  });

  test('does not hand out slots that went by while the table was slow', async () => {
    const slow: Table = {
      ...table,
      async put(row) {
        now += 400;
        return table.put(row);
      },
    };
    const [first] = await openStore(slow).reserve(key, 3, 5);
    expect(first).toBeGreaterThanOrEqual(now);
  });

  test('keeps the slots of two keys apart', async () => {
    await openStore().reserve(key, 100, 5);
    const [first = 0] = await openStore().reserve(`${key}-other`, 1, 5);
    expect(first - now).toBeLessThanOrEqual(50);
  });

  test('counts points, and never grants more than the day has', async () => {
    const day = '2026-01-01';
    expect(await openStore().takePoints(key, 3, 10)).toEqual({ day, taken: 3, left: 7 });
    const others = await Promise.all(Array.from({ length: 4 }, () => openStore().takePoints(key, 2, 10)));
    expect(others.map(({ taken }) => taken).sort()).toEqual([1, 2, 2, 2]);
    expect(await openStore().takePoints(key, 1, 10)).toEqual({ day, taken: 0, left: 0 });
  });

  test('takes points back, and begins anew with the next day in UTC', async () => {
    const { day } = await openStore().takePoints(key, 10, 10);
    await openStore().givePointsBack(key, day, 2);
    expect(await openStore().takePoints(key, 5, 10)).toEqual({ day, taken: 2, left: 0 });
    now += 3_600_000;
    expect(await openStore().takePoints(key, 1, 10)).toEqual({ day: '2026-01-02', taken: 1, left: 9 });
    await openStore().givePointsBack(key, day, 1);
    expect(await openStore().takePoints(key, 1, 10)).toEqual({ day: '2026-01-02', taken: 1, left: 8 });
  });
});
