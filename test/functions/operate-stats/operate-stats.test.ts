import { beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { callSet } from '#shared/stats/data-set.ts';
import { createStatsExport } from '#shared/stats/export.ts';
import type { PullMessage } from '#shared/stats/pull-queue.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPullStore } from '#shared/store/pulls.ts';
import { operateStats } from '../../../functions/operate-stats/operate-stats.ts';
import { makeCall } from '../../shared/stats/calls.ts';

const now = Date.UTC(2026, 10, 22, 9);
const config = parseConfig({
  accounts: {
    main: { provider: 'callkeeper', unique: 'acme', whash: 'w', apiak: { secret: 'a' } },
    touch: { provider: 'calltouch', siteId: 1 },
  },
  forms: {},
});

function createDesk() {
  const sent: PullMessage[] = [];
  const objects = createMemoryObjects();
  let nonces = 0;
  const own = { clock: () => now, newNonce: () => `${++nonces}`.padStart(12, '0') };
  const pulls = createPullStore({ ...own, table: createMemoryTable() });
  const ports = {
    ...own,
    config,
    objects,
    pulls,
    sendPull: async (message: PullMessage) => void sent.push(message),
    readKey: async () => 'the key',
  };
  const ask = async (
    route: string,
    request: { path?: Record<string, string>; query?: Record<string, string>; body?: unknown } = {},
  ) => {
    const { path = {}, query = {}, body } = request;
    const answer = await operateStats({ route, path, query, body: JSON.stringify(body ?? '') }, ports);
    return JSON.parse(String(answer.body));
  };
  const statsExport = createStatsExport({ ...own, objects, bucket: 'stats', formats: ['ndjson', 'csv'] });
  return { ...ports, sent, ask, statsExport };
}

let desk: ReturnType<typeof createDesk>;
beforeEach(() => {
  desk = createDesk();
});

describe('a pull that is asked for', () => {
  const id = 'a-pull-of-mine';

  test('is started once, of the accounts whose calls can be listed, however often it is asked for', async () => {
    const first = await desk.ask('POST /api/stats/pulls', { body: { id } });
    expect(first.accounts).toMatchObject([
      { account: 'main', state: 'running', from: '2026-11-18', to: '2026-11-22', days: 5, done: 0 },
    ]);
    expect(await desk.ask('POST /api/stats/pulls', { body: { id } })).toEqual(first);
    expect(desk.sent).toEqual([{ id, account: 'main' }]);
    expect(await desk.ask('GET /api/stats/pulls/{id}', { path: { id } })).toEqual(first);
  });

  test('takes the days that it names', async () => {
    const { accounts } = await desk.ask('POST /api/stats/pulls', {
      body: { id, from: '2026-01-01', to: '2026-01-31T23:59:59Z' },
    });
    expect(accounts).toMatchObject([{ from: '2026-01-01', to: '2026-01-31', days: 31 }]);
  });

  test.each(['x'.repeat(3_000), 'short', '../../x'])('is not looked for under %j', async (wrong) => {
    await expect(desk.ask('GET /api/stats/pulls/{id}', { path: { id: wrong } })).rejects.toMatchObject({
      status: 400,
      fields: [{ field: 'id' }],
    });
  });

  test('tells how far it is', async () => {
    await desk.ask('POST /api/stats/pulls', { body: { id } });
    await desk.pulls.update(id, 'main', { next: '2026-11-20', calls: 12, written: 1 });
    const { accounts } = await desk.ask('GET /api/stats/pulls/{id}', { path: { id } });
    expect(accounts).toMatchObject([{ done: 2, calls: 12, written: 1 }]);
  });

  test.each([
    [{}],
    [{ id: 'short' }],
    [{ id, from: 'yesterday' }],
    [{ id, from: '2026-11-02', to: '2026-11-01' }],
    [{ id, from: '2026-02-30' }],
    [{ id, from: '1' }],
    [{ id, from: '2026-11-23' }],
    [{ id, to: '2026-11-23' }],
    [{ id, accounts: ['main'] }],
    ['text'],
  ])('is refused when it reads %j', async (body) => {
    await expect(desk.ask('POST /api/stats/pulls', { body })).rejects.toMatchObject({ status: 400 });
    expect(desk.sent).toEqual([]);
  });

  test.each(['nobody', 'touch', '__proto__'])('is refused for "%s", whose calls nobody can list', async (account) => {
    await expect(desk.ask('POST /api/stats/pulls', { body: { id, account } })).rejects.toMatchObject({ status: 404 });
  });
});

describe('the export', () => {
  const write = async (date: string, calls: number) => {
    const writer = desk.statsExport.write(callSet, { provider: 'callkeeper', account: 'main', date }, undefined);
    await writer.add(Array.from({ length: calls }, (_, index) => makeCall({ callId: String(index) })));
    return writer.publish('hash', async () => {});
  };

  test('is listed by day, those of a period where one is named', async () => {
    for (const date of ['2026-11-01', '2026-11-02', '2026-11-03']) await write(date, 2);
    const { days, cursor } = await desk.ask('GET /api/stats/days', { query: { from: '2026-11-02', to: '2026-11-02' } });
    expect(cursor).toBeNull();
    expect(days).toMatchObject([{ provider: 'callkeeper', account: 'main', date: '2026-11-02', records: 2 }]);
    expect(days[0].files.map(({ format }: { format: string }) => format)).toEqual(['ndjson', 'csv']);
  });

  test('comes in pages, each day in one of them', async () => {
    for (let day = 0; day < 120; day++) await write(new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10), 0);
    const first = await desk.ask('GET /api/stats/days');
    const second = await desk.ask('GET /api/stats/days', { query: { cursor: first.cursor } });
    expect([first.days.length, second.days.length, second.cursor]).toEqual([100, 20, null]);
  });

  test('is read in pieces, and nothing but its files is', async () => {
    const { files } = await write('2026-11-01', 3);
    const [{ key, bytes } = { key: '', bytes: 0 }] = files;
    const { content } = await desk.ask('GET /api/stats/file', { query: { key, offset: '10' } });
    expect(Buffer.from(content, 'base64')).toHaveLength(bytes - 10);
    for (const other of ['manifests/calls/x.json', 'calls/../manifests/x.csv', 'athena/calls/files.txt', '']) {
      await expect(desk.ask('GET /api/stats/file', { query: { key: other } })).rejects.toMatchObject({ status: 400 });
    }
    const gone = key.replace('date=2026', 'date=2020');
    await expect(desk.ask('GET /api/stats/file', { query: { key: gone } })).rejects.toMatchObject({ status: 404 });
  });
});

test('the addresses of the hooks differ by account and by key', async () => {
  const { hooks } = await desk.ask('GET /api/hooks');
  expect(hooks.map(({ account }: { account: string }) => account)).toEqual(['main', 'touch']);
  const [main, touch] = hooks.map(({ path }: { path: string }) => path);
  expect(main).toMatch(/^\/hooks\/main\/[0-9a-f]{40}$/);
  expect(touch.split('/')[3]).not.toBe(main.split('/')[3]);
});
