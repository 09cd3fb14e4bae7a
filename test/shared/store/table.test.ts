import { expect, test } from 'vitest';
import { change } from '#shared/store/change.ts';
import type { Row, Table } from '#shared/store/table.ts';
import { describeOnBothTables } from './tables.ts';

let names = 0;
const fresh = (name: string) => `${name}-${names++}`;
const row = (pk: string, more: Partial<Row> = {}): Row => ({ pk, version: 1, writer: 'w', value: { n: 1 }, ...more });

describeOnBothTables('a table', (table) => {
  test('gives back a row as it was written, all kinds of values included', async () => {
    const written = row(fresh('whole'), {
      value: { text: 'Ёж', none: null, list: ['a', ['b']], deep: { flag: false, n: 1.5, empty: '' } },
      work: { partition: 'due', sort: '2026#a' },
      review: { partition: 'attention', sort: '2026#b' },
      list: { partition: 'form', sort: '2026#c' },
      expiresAt: 1_800_000_000_000,
    });
    expect(await table().put(written)).toBe(true);
    expect(await table().get(written.pk)).toEqual(written);
    expect(await table().glance(written.pk)).toEqual(written);
    expect(await table().get(fresh('none'))).toBeUndefined();
    expect(await table().glance(fresh('none'))).toBeUndefined();
  });

  test('writes only over the version named', async () => {
    const pk = fresh('versions');
    expect(await table().put(row(pk, { version: 2 }))).toBe(false);
    expect(await table().put(row(pk))).toBe(true);
    expect(await table().put(row(pk, { writer: 'late' }))).toBe(false);
    expect(await table().put(row(pk, { version: 2, writer: 'x' }))).toBe(true);
    expect(await table().put(row(pk, { version: 2, writer: 'y' }))).toBe(false);
    expect(await table().get(pk)).toMatchObject({ version: 2, writer: 'x' });
  });

  test('reads many at once and leaves out what is not there', async () => {
    const pks = [fresh('many'), fresh('many'), fresh('missing')];
    for (const pk of pks.slice(0, 2)) await table().put(row(pk));
    const found = await table().getMany(pks);
    expect(found.map(({ pk }) => pk).sort()).toEqual(pks.slice(0, 2));
    expect(await table().getMany([])).toEqual([]);
  });

  test('queries an index in both directions, between bounds, and forgets rows that left it', async () => {
    const partition = fresh('partition');
    const put = (pk: string, sort: string) => table().put(row(pk, { work: { partition, sort } }));
    const pks = ['1', '2', '3', '4'].map((sort) => fresh(`q${sort}`));
    for (const [index, pk] of pks.entries()) await put(pk, `2026-0${index + 1}#x`);
    const sorts = async (query: object) => {
      const keys = await table().query({ index: 'work', partition, order: 'ascending', limit: 10, ...query });
      return keys.map(({ sort }) => sort.slice(5, 7));
    };
    expect(await sorts({})).toEqual(['01', '02', '03', '04']);
    expect(await sorts({ order: 'descending', limit: 2 })).toEqual(['04', '03']);
    expect(await sorts({ before: '2026-03#x' })).toEqual(['01', '02']);
    expect(await sorts({ from: '2026-03#x' })).toEqual(['03', '04']);
    expect(await sorts({ from: '2026-02#x', before: '2026-04#x' })).toEqual(['02', '03']);
    expect(await sorts({ partition: 'another' })).toEqual([]);
    await table().put(row(pks[0] as string, { version: 2 }));
    expect(await sorts({})).toEqual(['02', '03', '04']);
  });
});

describeOnBothTables('a change', (table) => {
  const newNonce = () => fresh('nonce');
  const increment = (current: number | undefined) => ({ value: (current ?? 0) + 1 });

  test('is made by everybody once, however many come at once', async () => {
    const pk = fresh('counter');
    await Promise.all(Array.from({ length: 8 }, () => change<number>({ table: table(), newNonce }, pk, increment)));
    expect((await table().get(pk))?.value).toBe(8);
  });

  test('that decides for nothing writes nothing', async () => {
    const pk = fresh('untouched');
    expect(await change({ table: table(), newNonce }, pk, () => undefined)).toEqual({
      value: undefined,
      version: 0,
      written: false,
    });
    expect(await table().get(pk)).toBeUndefined();
  });

  test('whose answer was lost is recognised as made, and not made again', async () => {
    const pk = fresh('lost-answer');
    const lossy: Table = { ...table(), put: async (written) => (await table().put(written)) && false };
    expect(await change<number>({ table: lossy, newNonce }, pk, increment)).toEqual({
      value: 1,
      version: 1,
      written: true,
    });
    expect(await table().get(pk)).toMatchObject({ value: 1, version: 1 });
  });

  test('gives up when others are faster every time', async () => {
    const busy: Table = { ...table(), put: async () => false };
    await expect(change<number>({ table: busy, newNonce }, fresh('busy'), increment)).rejects.toThrow('50 times');
  });
});
