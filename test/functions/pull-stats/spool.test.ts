import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { createSpool, type Spool } from '../../../functions/pull-stats/spool.ts';

type Item = { id: string; at: number | null; said: string };

let spool: Spool<Item>;
afterEach(() => spool.remove());

/** Long enough that a few hundred of them go to disk. */
const long = 'x'.repeat(50_000);
const order = {
  idOf: ({ id }: Item) => id,
  instantOf: ({ at }: Item) => at,
  columns: { id: 'text', at: 'timestamp', said: 'text' } as const,
};

async function read(): Promise<string[]> {
  const items: string[] = [];
  for await (const batch of spool.sorted()) {
    expect(batch.reduce((sum, { said }) => sum + said.length, 0)).toBeLessThan(3_000_000);
    items.push(...batch.map(({ id, at, said }) => `${id} ${at} ${said.slice(0, 3)}`));
  }
  return items;
}

test('gives items of one single instant out in pieces, sorted, each as it came last, with those without an instant at the end', async () => {
  spool = createSpool(order);
  const ids = Array.from({ length: 500 }, (_, index) => String((index * 7) % 500).padStart(3, '0'));
  await spool.add([{ id: 'undated', at: null, said: 'one' }]);
  for (const id of ids) await spool.add([{ id, at: 5, said: `old${long}` }]);
  expect(spool.isLarge()).toBe(true);
  // One says something else, one has moved, one has lost its instant.
  await spool.add([
    { id: '100', at: 5, said: 'new' },
    { id: '200', at: 4, said: 'new' },
    { id: '300', at: null, said: 'new' },
  ]);
  const others = ids.filter((id) => id !== '200' && id !== '300').sort();
  expect(await read()).toEqual([
    '200 4 new',
    ...others.map((id) => `${id} 5 ${id === '100' ? 'new' : 'old'}`),
    '300 null new',
    'undated null one',
  ]);
  expect(await spool.summary()).toMatchObject({ records: 501, odd: 0 });
});

test('says the same when another one has taken its parts in', async () => {
  const first = createSpool(order);
  for (let index = 0; index < 400; index++)
    await first.add([{ id: `${index % 300}`, at: index % 7, said: `${index}${long}` }]);
  const summary = await first.summary();
  spool = createSpool(order);
  for await (const part of first.parts()) await spool.takeIn(part);
  await first.remove();
  expect(await spool.summary()).toEqual(summary);
});

test('clears away what a process that was killed has left on the disk, and nothing of one that runs', async () => {
  const gone = await new Promise<number | undefined>((resolve) => {
    const child = spawn(process.execPath, ['--version']).on('exit', () => resolve(child.pid));
  });
  const [left, own] = [gone, process.ppid].map((pid) => mkdtempSync(join(tmpdir(), `ringback-stats-${pid}-`))) as [
    string,
    string,
  ];
  spool = createSpool(order);
  for (let index = 0; index < 200; index++) await spool.add([{ id: `${index}`, at: index, said: long }]);
  expect([existsSync(left), existsSync(own)]).toEqual([false, true]);
  rmSync(own, { recursive: true });
});

test('leaves out those without an instant only, and says that it does not have them', async () => {
  spool = createSpool(order);
  await spool.add([
    { id: 'a', at: null, said: '' },
    { id: 'b', at: 1, said: '' },
  ]);
  spool.leaveOut(new Set(['a', 'b']));
  expect(await read()).toEqual(['b 1 ']);
  expect([spool.has('a'), spool.has('b')]).toEqual([false, true]);
});
