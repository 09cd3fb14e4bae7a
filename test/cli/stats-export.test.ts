import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callSet } from '#shared/stats/data-set.ts';
import { createStatsExport } from '#shared/stats/export.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import type { Deployment } from '../../cli/deployment.ts';
import type { ExportedDay } from '../../cli/stats-answer.ts';
import { copyDay, removeGone } from '../../cli/stats-export.ts';
import { makeCall } from '../shared/stats/calls.ts';

const partition = { provider: 'callkeeper', account: 'main', date: '2026-11-01' };
const path = 'calls/provider=callkeeper/account=main/date=2026-11-01';

let to: string;
let nonces = 0;
const objects = createMemoryObjects();
const newNonce = () => `${++nonces}`.padStart(12, '0');
const statsExport = createStatsExport({ objects, bucket: 'stats', formats: ['csv'], newNonce, clock: () => 0 });
beforeEach(async () => {
  to = await mkdtemp(join(tmpdir(), 'ringback-export-'));
});
afterEach(() => rm(to, { recursive: true }));

/** A day of so many files of two formats. */
async function publish(files: number): Promise<ExportedDay> {
  const writer = statsExport.write(callSet, partition, undefined);
  const raw = JSON.stringify({ text: 'x'.repeat(4_000_000) });
  for (let index = 0; index < files; index++) await writer.add([makeCall({ callId: String(index), raw })]);
  return writer.publish('listing', async () => {});
}

/** `failAt`: this request and the ones after it are answered by nobody. */
function deploymentOf(failAt = Number.POSITIVE_INFINITY): Deployment {
  let asked = 0;
  const get = async (_path: string, query: Record<string, string | undefined> = {}) => {
    if (++asked > failAt) throw new Error('no answer');
    const range = { from: Number(query['offset']), length: 8_000_000 };
    return { content: Buffer.from((await objects.get(query['key'] ?? '', range)) ?? '').toString('base64') };
  };
  return { get } as Deployment;
}

const namesOf = ({ files }: ExportedDay) => files.map(({ key }) => key.split('/').at(-1)).sort();
const seen = async () => (await readdir(join(to, path)).catch(() => [])).sort();

test('whoever looks at the folder while a day is replaced sees the old one or the new one', async () => {
  const [old, fresh] = [await publish(6), await publish(7)];
  await copyDay(deploymentOf(), old, to);
  expect(await seen()).toEqual(namesOf(old));
  const observed = new Set<string>();
  let isOver = false;
  const watch = async () => {
    while (!isOver) observed.add((await seen()).join(' '));
  };
  const watching = watch();
  await copyDay(deploymentOf(), fresh, to);
  isOver = true;
  await watching;
  for (const names of observed) expect(['', namesOf(old).join(' '), namesOf(fresh).join(' ')]).toContain(names);
  expect(observed).toContain(namesOf(old).join(' '));
  expect(await seen()).toEqual(namesOf(fresh));
  expect(await readdir(to)).toEqual(['calls']);
});

test('a copy that is cut off leaves the old day, and the next one ends well', async () => {
  const [old, fresh] = [await publish(2), await publish(3)];
  await copyDay(deploymentOf(), old, to);
  await expect(copyDay(deploymentOf(3), fresh, to)).rejects.toThrow('no answer');
  expect(await seen()).toEqual(namesOf(old));
  await copyDay(deploymentOf(), fresh, to);
  expect(await seen()).toEqual(namesOf(fresh));
  const [first] = fresh.files;
  const copied = await readFile(join(to, path, namesOf(fresh)[0] ?? ''));
  expect(copied.byteLength).toBe(fresh.files.find(({ key }) => key.endsWith(namesOf(fresh)[0] ?? ''))?.bytes);
  expect(first).toBeDefined();
});

test('two copies at once to one folder leave a whole day', async () => {
  const [old, fresh] = [await publish(6), await publish(7)];
  await copyDay(deploymentOf(), old, to);
  await Promise.allSettled([copyDay(deploymentOf(), fresh, to), copyDay(deploymentOf(), fresh, to)]);
  expect(await seen()).toEqual(namesOf(fresh));
  for (const { key, bytes } of fresh.files) {
    expect((await readFile(join(to, path, key.split('/').at(-1) ?? ''))).byteLength).toBe(bytes);
  }
  expect(await readdir(to)).toEqual(['calls']);
});

test('a day that the export has no more goes, and what is not the export stays', async () => {
  const day = await publish(1);
  const renamed = { ...day, account: 'old' };
  for (const copied of [day, renamed]) await copyDay(deploymentOf(), copied, to);
  await writeFile(join(to, 'calls', 'notes.txt'), 'mine');
  await removeGone([day], 'calls', to);
  await removeGone([day], 'leads', to);
  expect(await seen()).toEqual(namesOf(day));
  expect(await readdir(join(to, 'calls', 'provider=callkeeper', 'account=old'))).toEqual([]);
  expect(await readdir(join(to, 'calls'))).toContain('notes.txt');
});

test('a day that is there is not fetched again, whatever else lies in its folder', async () => {
  const day = await publish(1);
  await copyDay(deploymentOf(), day, to);
  await writeFile(join(to, path, '.DS_Store'), '');
  await copyDay(deploymentOf(0), day, to);
  await mkdir(join(to, 'notes'));
  expect(await seen()).toContain('.DS_Store');
});
