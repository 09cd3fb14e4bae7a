import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '#shared/config/load-config.ts';

const folder = mkdtempSync(join(tmpdir(), 'ringback-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

const keeper = { provider: 'callkeeper', unique: 1, whash: 2, apiak: { secret: 'keeper-key' } };
const form = { name: 'Call me back', origins: ['https://acme.example'], call: ['keeper'] };

function load(config: object) {
  const path = join(folder, 'config.json');
  writeFileSync(path, JSON.stringify({ accounts: { keeper }, forms: { callback: form }, ...config }));
  return loadConfig(path);
}

test('what is left out has a default that a small site wants', async () => {
  const { forms, stats, egress } = await load({});
  expect(forms['callback']).toMatchObject({
    countries: ['RU'],
    staleAfter: 30 * 60_000,
    minFillSeconds: 0,
    rehearse: false,
  });
  expect(stats).toEqual({ schedule: 'rate(1 hour)', lookbackDays: 3, formats: ['parquet', 'ndjson', 'csv'] });
  expect(egress).toBe('none');
});

test('half of the settings for statistics leaves the others as they are', async () => {
  const { stats } = await load({ stats: { lookbackDays: 10 } });
  expect(stats).toMatchObject({ schedule: 'rate(1 hour)', lookbackDays: 10 });
});

test('ids may be numbers', async () => {
  expect((await load({})).accounts['keeper']).toMatchObject({ unique: '1', whash: '2' });
});

const wrong: [rule: string, config: object, words: RegExp][] = [
  ['an unknown setting', { egres: 'none' }, /egres/],
  [
    'an unknown provider',
    { accounts: { keeper: { provider: 'callme' } } },
    /accounts\.keeper.*provider must be one of/,
  ],
  ['a key in the file', { accounts: { keeper: { ...keeper, apiak: 'abc' } } }, /accounts\.keeper\.apiak.*secret/],
  [
    'an account that is not there',
    { forms: { callback: { ...form, call: ['gone'] } } },
    /forms\.callback\.call.*"gone"/,
  ],
  ['an account named twice', { forms: { callback: { ...form, call: ['keeper', 'keeper'] } } }, /named twice/],
  ['a form without origins', { forms: { callback: { ...form, origins: [] } } }, /origins.*at least one/],
  ['an origin with a path', { forms: { callback: { ...form, origins: ['https://a.example/x'] } } }, /origins.*origin/],
  ['an unknown zone', { forms: { callback: { ...form, hours: { timeZone: 'Mars', open: '09001800' } } } }, /timeZone/],
  [
    'hours that end before they begin',
    { forms: { callback: { ...form, hours: { timeZone: 'Europe/Moscow', open: '18000900' } } } },
    /hours\.open/,
  ],
  ['a duration without a unit', { forms: { callback: { ...form, staleAfter: '30' } } }, /staleAfter.*30m/],
  ['a retry too soon', { forms: { callback: { ...form, retryUnknownAfter: '149s' } } }, /retryUnknownAfter.*150s/],
  [
    'a unit that EventBridge does not know',
    { stats: { schedule: 'rate(1 fortnight)' } },
    /stats\.schedule.*EventBridge/,
  ],
  ['a cron of five fields', { stats: { schedule: 'cron(0 6 * * *)' } }, /stats\.schedule.*EventBridge/],
];

test.each(wrong)('%s is refused by path and rule', async (_rule, config, words) => {
  await expect(load(config)).rejects.toThrow(words);
});

test('a cron of six fields is accepted', async () => {
  expect((await load({ stats: { schedule: 'cron(0 6 ? * MON-FRI *)' } })).stats.schedule).toContain('MON-FRI');
});
