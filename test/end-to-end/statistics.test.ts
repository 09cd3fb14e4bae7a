import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import { run } from '../cli/set-up.ts';
import { startBrowser } from '../support/browser.ts';
import { type Deployment, deploy, sendForm } from './local-host.ts';

const slow = 120_000;
type ShownLead = {
  id: string;
  deliveries: { state: string; providerId: string | null }[];
  calls: Record<string, unknown>[];
};

let deployment: Deployment;
let host: Host;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  const config = {
    accounts: {
      keeper: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'keeper-key' } },
      touch: { provider: 'calltouch', siteId: 1, apiToken: { secret: 'touch-token' }, routeKey: 'main' },
    },
    forms: {
      callback: { name: 'Call me back', origins: ['https://acme.example'], call: ['keeper'], track: ['touch'] },
      advert: { name: 'Advert', origins: ['https://acme.example'], call: ['touch'] },
    },
  };
  deployment = await deploy(config);
  [host, browser] = await Promise.all([deployment.start(), startBrowser()]);
  folder = await mkdtemp(join(tmpdir(), 'ringback-statistics-'));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.clean();
  await rm(folder, { recursive: true, force: true });
});

const ringback = (...args: string[]) => run([...args, '--url', host.url], {});

async function readLead(id: string): Promise<ShownLead> {
  const response = await fetch(`${host.url}/api/leads/${id}`, { headers: { authorization: 'Bearer local' } });
  return (await response.json()) as ShownLead;
}

/** Sends a form and waits until the provider has the call; resolves with the ids of lead and call. */
async function placeCall(phone: string, form = 'callback'): Promise<{ lead: string; call: string }> {
  const { id } = await sendForm(
    host.url,
    { phone, name: '<b>Anna</b>', utm_source: '<yandex>', _key: phone },
    {},
    form,
  );
  for (let tries = 0; tries < 100; tries++) {
    const [delivery] = (await readLead(id)).deliveries;
    if (delivery?.state === 'PLACED') return { lead: id, call: delivery.providerId ?? '' };
    await wait(100);
  }
  throw new Error('the call was not placed');
}

async function hookOf(account: string): Promise<string> {
  const { stdout } = await ringback('stats', 'hooks');
  return (
    stdout
      .split('\n')
      .find((line) => line.startsWith(`${account} `))
      ?.split(' ')[2] ?? ''
  );
}

const post = (url: string, body: unknown) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

const date = new Date().toISOString().slice(0, 19).replace('T', ' ');
const processing = (id: string) => ({
  hook_event: 'Call is processing',
  id,
  attempt: 1,
  date,
  status_code: 1,
  status2_code: '0',
});
const over = (id: string) => ({
  ...processing(id),
  hook_event: 'Call is over',
  status_code: '200',
  status2_code: 200,
  duration2_sec: '73',
  record_url: 'https://records.example/1.mp3',
});

describe("a provider's hook", () => {
  test(
    'is on the lead within a second: the ring, the answer, the seconds and the recording',
    async () => {
      const { lead, call } = await placeCall('+79161112200');
      const hook = await hookOf('keeper');
      expect((await post(hook, processing(call))).status).toBe(200);
      expect((await readLead(lead)).calls).toMatchObject([{ callId: call, status: '1/0', answered: false }]);
      const sentAt = Date.now();
      expect((await post(hook, over(call))).status).toBe(200);
      const { calls } = await readLead(lead);
      expect(Date.now() - sentAt).toBeLessThan(1_000);
      const told = {
        callId: call,
        status: '200/200',
        answered: true,
        talkSeconds: 73,
        recordUrl: 'https://records.example/1.mp3',
      };
      expect(calls).toMatchObject([told]);
      for (const again of [processing(call), over(call)]) await post(hook, again);
      expect((await readLead(lead)).calls).toMatchObject([told]);
    },
    slow,
  );

  test(
    "is on the lead's page within a second too, while it is open",
    async () => {
      const { lead, call } = await placeCall('+79161112204');
      const hook = await hookOf('keeper');
      const page = await browser.newPage({ locale: 'en' });
      await page.addInitScript("sessionStorage.setItem('ringback-token', 'local')");
      await page.goto(`${host.url}/console#/lead/${lead}`);
      await page.getByText('Whether it rang').waitFor();
      await post(hook, processing(call));
      await page.getByText('It rings').waitFor({ timeout: 1_000 });
      await post(hook, over(call));
      await page.getByText('Answered, talked 73 s').waitFor({ timeout: 1_000 });
      const recording = await page.getByRole('link', { name: 'Listen' }).getAttribute('href');
      expect(recording).toBe('https://records.example/1.mp3');
      await page.close();
    },
    slow,
  );

  test(
    'is refused at a wrong address like any page that is not there, and taken when it is about nothing known',
    async () => {
      const hook = await hookOf('keeper');
      const wrong = [
        `${hook.slice(0, -1)}x`,
        hook.replace('keeper', 'touch'),
        hook.replace('keeper', 'nobody'),
        `${hook}0`,
      ];
      const answers = await Promise.all(wrong.map(async (url) => [(await post(url, over('1'))).status]));
      expect(answers).toEqual(wrong.map(() => [404]));
      expect((await post(hook, over('999'))).status).toBe(200);
      expect((await post(hook, { hook_event: 'Something new' })).status).toBe(200);
      expect((await fetch(hook, { method: 'POST', body: '\u0000{' })).status).toBe(200);
    },
    slow,
  );

  test(
    'may be a form, as Calltouch sends it, and may know the call by its phone only',
    async () => {
      const { lead } = await placeCall('+79161112255', 'advert');
      const body = new URLSearchParams({
        id: '700700700700700700700',
        callphase: 'callcompleted',
        callerphone: '79161112255',
        timestamp: String(Math.floor(Date.now() / 1000)),
        status: 'successful',
        duration: '31',
      });
      expect((await fetch(await hookOf('touch'), { method: 'POST', body })).status).toBe(200);
      const told = { callId: '700700700700700700700', status: 'successful', answered: true, talkSeconds: 31 };
      expect((await readLead(lead)).calls).toMatchObject([told]);
    },
    slow,
  );
});

describe('the command line', () => {
  test(
    'pulls, and brings out files that another engine reads',
    async () => {
      const { lead, call } = await placeCall('+79161112201');
      const pulled = await ringback('stats', 'pull');
      expect(pulled).toMatchObject({ code: 0 });
      expect(pulled.stdout).toMatch(/^ok {3}keeper: \d+ calls on \d+ days, 1 written anew$/m);
      expect((await ringback('stats', 'export', '--to', folder)).code).toBe(0);
      const [row] = await queryParquet(
        `SELECT provider, account, status, phone, leadId FROM calls WHERE callId = '${call}'`,
      );
      expect(row).toEqual({
        provider: 'callkeeper',
        account: 'keeper',
        status: expect.stringMatching(/^\d+\/\d+$/),
        phone: '+79161112201',
        leadId: lead,
      });
    },
    slow,
  );

  test(
    'leaves nothing of an earlier export behind, and keeps the three formats together',
    async () => {
      await placeCall('+79161112202');
      await ringback('stats', 'pull', '--account', 'keeper');
      await ringback('stats', 'export', '--to', folder);
      const rows = await queryParquet(
        "SELECT count(*)::INT AS calls, count(DISTINCT callId)::INT AS ids FROM calls WHERE account = 'keeper'",
      );
      expect(rows).toEqual([{ calls: 4, ids: 4 }]);
      const files = (await readdir(folder, { recursive: true })).filter((name) => /\.\w+$/.test(name));
      const ofKeeper = files.filter((name) => name.includes('account=keeper')).map((name) => name.replace(/.*\./, '.'));
      expect(ofKeeper.sort()).toEqual(['.csv', '.ndjson', '.parquet']);
      expect(files.find((name) => name.startsWith('calls/'))).toMatch(
        /^calls\/provider=\w+\/account=\w+\/date=\d{4}-\d\d-\d\d\/[\w-]+\.(parquet|ndjson|csv)$/,
      );
    },
    slow,
  );

  test(
    'says which account failed and why, with exit code 1, and what was there stays',
    async () => {
      const simulator = host.simulatedProviders.find(({ simulator: { provider } }) => provider === 'callkeeper');
      for (let times = 0; times < 3; times++) simulator?.order('error-before', 'getCallsInfo');
      const failed = await ringback('stats', 'pull', '--account', 'keeper');
      expect(failed.code).toBe(1);
      expect(failed.stdout).toMatch(/^FAIL keeper: .+/m);
      await ringback('stats', 'export', '--to', folder);
      const rows = await queryParquet("SELECT count(*)::INT AS calls FROM calls WHERE account = 'keeper'");
      expect(rows).toEqual([{ calls: 4 }]);
    },
    slow,
  );

  test(
    "brings out the leads of Calltouch's journal too; an erased lead's person goes from all of it, and no pull brings it back",
    async () => {
      const { lead, call } = await placeCall('+79161112203');
      const from = new Date(Date.now() - 86_400_000).toISOString().slice(0, 10);
      expect((await ringback('stats', 'pull', '--from', from)).stdout).toMatch(
        /^ok {3}touch: \d+ calls and [1-9]\d* leads on/m,
      );
      await ringback('stats', 'export', '--to', folder);
      const journal = 'SELECT phone, name FROM leads WHERE requestId = ';
      const [{ requestId, ...copy } = {}] = await queryParquet(
        `SELECT requestId, phone, name, utmSource IS NULL AS direct FROM leads WHERE leadId = '${lead}'`,
      );
      expect(copy).toEqual({ phone: '+79161112203', name: '<b>Anna</b>', direct: true });
      expect(await readTexts()).toContain('79161112203');
      const authorization = 'Bearer local';
      const erased = await fetch(`${host.url}/api/leads/${lead}`, { method: 'DELETE', headers: { authorization } });
      expect(erased.status).toBe(200);
      for (let tries = 0; tries < 100 && (await readTexts()).includes('79161112203'); tries++) {
        await wait(200);
        await ringback('stats', 'export', '--to', folder);
      }
      expect((await ringback('stats', 'pull', '--from', from)).code).toBe(0);
      await ringback('stats', 'export', '--to', folder);
      expect(await readTexts()).not.toContain('79161112203');
      expect(await queryParquet(`SELECT phone, leadId, raw FROM calls WHERE callId = '${call}'`)).toEqual([
        { phone: null, leadId: null, raw: '{}' },
      ]);
      expect(await queryParquet(`${journal}'${requestId}'`)).toEqual([{ phone: null, name: null }]);
    },
    slow,
  );

  test('names what there is when asked for an account that there is not', async () => {
    const { code, stderr } = await ringback('stats', 'pull', '--account', 'nobody');
    expect(code).toBe(1);
    expect(stderr).toContain('keeper, touch');
  });
});

describe('the report', () => {
  test(
    'is one page that asks for nothing, runs nothing and fits a phone',
    async () => {
      const file = join(folder, 'report.html');
      const { code, stderr } = await ringback('report', '--out', file, '--zone', 'Europe/Moscow');
      expect([code, stderr]).toEqual([0, expect.stringMatching(/^\d+ leads and \d+ calls/)]);
      const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
      const requests: string[] = [];
      page.on('request', (request) => requests.push(request.url()));
      await page.goto(pathToFileURL(file).href);
      expect(requests).toEqual([pathToFileURL(file).href]);
      expect(await page.locator('script').count()).toBe(0);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
      expect(await page.locator('figure svg').count()).toBe(6);
      const letters = await page
        .locator('figure svg text')
        .evaluateAll((texts) => texts.map((text) => text.getBoundingClientRect().height));
      // As high as the line of a letter of eleven pixels.
      expect(Math.min(...letters)).toBeGreaterThan(12);
      expect(await page.locator('figure + details table').count()).toBe(6);
      expect(await page.locator('main').textContent()).toContain('<b>Anna</b>');
      expect(await readFile(file, 'utf8')).not.toContain('<yandex>');
      await page.close();
    },
    slow,
  );
});

/** All that was exported as NDJSON and CSV. */
async function readTexts(): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.(ndjson|csv)$/.test(name));
  return (await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')))).join('\n');
}

async function queryParquet(sql: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  for (const dataSet of ['calls', 'leads']) {
    const files = `${folder}/${dataSet}/*/*/*/*.parquet`;
    await connection.run(`CREATE VIEW ${dataSet} AS SELECT * FROM read_parquet('${files}', hive_partitioning = false)`);
  }
  const rows = (await connection.runAndReadAll(sql)).getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  return rows;
}
