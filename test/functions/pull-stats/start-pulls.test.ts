import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { ProviderError } from '#shared/errors.ts';
import type { LogDetails, Metrics } from '#shared/log.ts';
import type { PullMessage } from '#shared/stats/pull-queue.ts';
import { createFundsStore, type Funds } from '#shared/store/funds.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPullStore } from '#shared/store/pulls.ts';
import { startPulls } from '../../../functions/pull-stats/start-pulls.ts';

const hour = 60 * 60_000;
const day = 24 * hour;
const noon = Date.UTC(2026, 10, 22, 12);

const keeper = { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'key' } };
const config = parseConfig({
  accounts: {
    main: keeper,
    spare: keeper,
    touch: { provider: 'calltouch', siteId: 1, apiToken: { secret: 'token' } },
    hook: { provider: 'webhook', url: 'https://acme.example/hook', signingSecret: { secret: 'hook' } },
  },
  forms: {},
});

/** The schedule of CallKeeper's accounts, with what the provider says of each account's funds. */
function createSchedule(told: Record<string, () => Promise<Funds>> = {}) {
  const time = { now: noon };
  const sent: PullMessage[] = [];
  const lines: { event: string; details: LogDetails; metrics: Metrics }[] = [];
  let nonces = 0;
  const base = { table: createMemoryTable(), clock: () => time.now, newNonce: () => `nonce-${++nonces}` };
  const pulls = createPullStore(base);
  const funds = createFundsStore(base);
  const run = () =>
    startPulls({
      ...base,
      config,
      provider: { name: 'callkeeper' },
      pulls,
      funds,
      sendPull: async (message) => void sent.push(message),
      connect: async (account) => {
        const readFunds = told[account];
        return { invoke: async () => undefined, check: async () => [], ...(readFunds ? { readFunds } : {}) };
      },
      log: (event, details = {}, metrics = {}) => void lines.push({ event, details, metrics }),
    });
  const measured = () => lines.map(({ details, metrics }) => ({ ...details, ...metrics }));
  return { time, sent, lines, pulls, funds, run, measured };
}

test('pulls every account of its provider, and no other', async () => {
  const { sent, run } = createSchedule();
  await run();
  expect(sent).toEqual([
    { id: 'schedule', account: 'main' },
    { id: 'schedule', account: 'spare' },
  ]);
});

test('tries days again that failed long ago; those of its window come with that', async () => {
  const { sent, run, pulls } = createSchedule();
  await pulls.advance('main', '2026-11-22');
  await pulls.noteFailed('main', { from: '2026-10-01', to: '2026-11-22' }, ['2026-10-07', '2026-11-20']);
  await run();
  expect(sent.filter(({ account }) => account === 'main')).toEqual([
    { id: 'schedule', account: 'main' },
    { id: 'again-2026-10-07', account: 'main' },
  ]);
});

test('tells what each account has left, and keeps it for the console', async () => {
  const paidTill = Date.UTC(2026, 10, 25);
  const { run, measured, funds } = createSchedule({
    main: async () => ({ minutesLeft: 12.5, paidTill }),
    spare: async () => ({ minutesLeft: null, paidTill: null }),
  });
  await run();
  expect(measured().slice(1)).toEqual([{ account: 'main', MinutesLeft: 12.5, PaidDaysLeft: 3 }, { account: 'spare' }]);
  expect(await funds.look('main')).toEqual({ minutesLeft: 12.5, paidTill, readAt: noon });
});

test.each([
  ['2026-11-23', 1],
  ['2026-11-22', 0],
  ['2026-11-21', -1],
  ['2020-01-01', -1],
])('a period that is paid till %s has %d days left on the 22nd', async (date, left) => {
  const { run, measured } = createSchedule({ main: async () => ({ minutesLeft: null, paidTill: Date.parse(date) }) });
  await run();
  expect(measured().at(-1)).toEqual({ account: 'main', PaidDaysLeft: left });
});

test('a provider that cannot be asked leaves what was known, says why, and stops no pull', async () => {
  const { run, lines, sent, funds } = createSchedule({
    main: async () => {
      throw new ProviderError('Unknown user', { provider: 'callkeeper', fault: 'account' });
    },
    spare: async () => ({ minutesLeft: 90, paidTill: null }),
  });
  await funds.keep('main', { minutesLeft: 5, paidTill: null });
  await run();
  expect(lines).toContainEqual({
    event: 'funds not read',
    details: { account: 'main', reason: 'Unknown user' },
    metrics: {},
  });
  expect(await funds.look('main')).toMatchObject({ minutesLeft: 5 });
  expect(await funds.look('spare')).toMatchObject({ minutesLeft: 90 });
  expect(sent).toHaveLength(2);
});

test('an error of our own is not taken for a provider that cannot be asked', async () => {
  const { run } = createSchedule({
    main: async () => {
      throw new TypeError('a mistake');
    },
  });
  await expect(run()).rejects.toThrow('a mistake');
});

test("measures the age of the account that lags behind most, of another provider's too", async () => {
  const { time, run, lines, pulls } = createSchedule();
  const age = () => lines.findLast(({ event }) => event === 'pulls begin')?.metrics;
  await run();
  expect(age()).toEqual({ StatsAgeSeconds: 0 });
  for (const account of ['main', 'spare', 'touch']) await pulls.advance(account, '2026-11-22');
  time.now += 5 * hour;
  for (const account of ['main', 'spare']) await pulls.advance(account, '2026-11-22');
  time.now += hour;
  await run();
  expect(age()).toEqual({ StatsAgeSeconds: 6 * 3600 });
  await pulls.advance('touch', '2026-11-22');
  await run();
  expect(age()).toEqual({ StatsAgeSeconds: 3600 });
});

test('a pull of days long past makes no account younger', async () => {
  const { time, run, lines, pulls } = createSchedule();
  await pulls.advance('main', '2026-11-22');
  time.now += day;
  await pulls.advance('main', '2026-11-01');
  await run();
  expect(lines.at(0)?.metrics).toEqual({ StatsAgeSeconds: 24 * 3600 });
});
