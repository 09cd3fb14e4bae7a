import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { bundleConsole } from '../../infra/console-files.ts';
import { startBrowser } from '../support/browser.ts';
import { makeLead } from '../support/leads.ts';
import { createOperator, type Operator, serveOperator } from '../support/operator.ts';

const slow = 30_000;
const minute = 60_000;
const now = Date.now();
const [call] = newDeliveries({ call: ['main', 'spare'], track: [] }, now) as [Delivery];
const refusals = ['main', 'spare'].map((account) => ({ account, reason: 'no minutes', at: now }));
const refused: Partial<Delivery> = {
  ...call,
  account: 'spare',
  state: 'HELD',
  refusals,
  reason: 'no minutes',
  wakeAt: null,
};

let browser: Browser;
let files: Record<string, string>;
let operator: Operator;
let api: { origin: string; close(): Promise<void> };

beforeAll(async () => {
  [browser, files] = await Promise.all([startBrowser(), bundleConsole(process.cwd())]);
}, 120_000);
afterAll(() => browser?.close());
afterEach(async () => {
  await Promise.all(browser.contexts().map((context) => context.close()));
  await api.close();
});

/** A deployment of its own, with these leads. */
async function serve(...leads: Parameters<typeof makeLead>[0][]) {
  operator = createOperator(createMemoryTable(), now);
  for (const lead of leads) await operator.leads.create(makeLead({ createdAt: now, deliveries: [call], ...lead }));
  api = await serveOperator(operator, files);
}

async function open(path = '', options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ locale: 'en-GB', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(slow / 2);
  await page.goto(`${api.origin}/console${path}`);
  return page;
}

async function signIn(path = '', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await open(path, options);
  await page.locator('input[name="token"]').fill('local');
  await page.locator('button.main').click();
  await page.locator('h1').waitFor();
  return page;
}

const shown = (page: Page) => page.locator('.lead .phone').allTextContents();

test('a wrong token is refused in words, and nothing is shown', { timeout: slow }, async () => {
  await serve({ id: 'a', ...{ deliveries: [refused] } });
  const page = await open();
  for (const token of ['wrong', 'не тот']) {
    await page.getByLabel("Operator's token").fill(token);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('not the token').waitFor();
  }
  expect(await page.locator('.lead').count()).toBe(0);
  expect(await page.evaluate('sessionStorage.getItem("ringback-token")')).toBeNull();
});

test('the token stays in the tab: not in the address, a cookie or what outlives it; signing out forgets it', {
  timeout: slow,
}, async () => {
  await serve();
  const page = await signIn();
  await page.getByText('Nothing needs you.').waitFor();
  expect(page.url()).not.toContain('local=');
  expect(await page.evaluate('localStorage.length')).toBe(0);
  expect(await page.context().cookies()).toEqual([]);
  const other = await page.context().newPage();
  await other.goto(`${api.origin}/console`);
  await other.getByLabel("Operator's token").waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel("Operator's token").waitFor();
  expect(await page.evaluate('sessionStorage.getItem("ringback-token")')).toBeNull();
});

test('what needs a person says why, and its button mends it', { timeout: slow }, async () => {
  await serve(
    { id: 'refused', phone: '+79990000001', deliveries: [refused] },
    { id: 'late', phone: '+79990000002', deliveries: [{ ...call, state: 'EXPIRED', wakeAt: null }] },
    { id: 'fine', phone: '+79990000003', deliveries: [{ ...call, state: 'PLACED', wakeAt: null }] },
  );
  const page = await signIn();
  const held = page.locator('[data-id="refused"]');
  await held.getByText('spare: no minutes').waitFor();
  await held.getByText('Every account of its route refused').waitFor();
  await page.locator('[data-id="late"]').getByRole('button', { name: 'Try again' }).waitFor();
  expect(await shown(page)).toHaveLength(2);
  await held.getByRole('button', { name: 'Release' }).click();
  await page.getByRole('status').getByText('released').waitFor();
  expect((await operator.leads.get('refused'))?.deliveries[0]).toMatchObject({ state: 'READY', account: 'main' });

  await operator.happen('refused', { type: 'claim', owner: 'me', account: 'main', deadline: now + minute });
  await operator.happen('refused', { type: 'placed', owner: 'me', providerId: '77' });
  await held.and(page.locator('[data-state="done"]')).waitFor();
});

test('cards that follow their leads ask one after the other, seldom, and are told to wait without a word', {
  timeout: slow,
}, async () => {
  const ids = ['one', 'two', 'three', 'four', 'five'];
  await serve(...ids.map((id) => ({ id, deliveries: [refused] })));
  const page = await signIn();
  const asked: number[] = [];
  let [open, most] = [0, 0];
  await page.route(/\/api\/leads\/\w+\?$/, async (route) => {
    most = Math.max(most, ++open);
    asked.push(Date.now());
    if (asked.length <= 2) await route.fulfill({ status: 429, json: { message: 'Too Many Requests' } });
    else await route.continue();
    open -= 1;
  });
  for (const id of ids) await page.locator(`[data-id="${id}"]`).getByRole('button', { name: 'Release' }).click();
  await expect.poll(async () => (await operator.leads.get('five'))?.deliveries[0]?.state).toBe('READY');
  await operator.happen('five', { type: 'claim', owner: 'me', account: 'main', deadline: now + minute });
  await operator.happen('five', { type: 'placed', owner: 'me', providerId: '77' });
  await page.locator('[data-id="five"][data-state="done"]').waitFor();
  expect(await page.getByRole('alert').textContent()).toBe('');
  expect(most).toBe(1);
  const busiest = asked.map((from) => asked.filter((at) => at >= from && at < from + 1_000).length);
  expect(Math.max(...busiest)).toBeLessThanOrEqual(5);
});

test('a release that may ring twice is asked about first', { timeout: slow }, async () => {
  const claim = { owner: 'me', startedAt: now, deadline: now };
  const reason = "the call is not in the provider's list";
  await serve({ id: 'unclear', deliveries: [{ ...call, state: 'HELD', claim, attempts: 1, reason, wakeAt: null }] });
  const page = await signIn();
  const stored = async () => (await operator.leads.get('unclear'))?.deliveries[0]?.state;
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByRole('dialog').getByText('it rings twice').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'No' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await stored()).toBe('HELD');
  await page.getByRole('button', { name: 'Release' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await page.getByRole('status').getByText('released').waitFor();
  expect(await stored()).toBe('READY');
});

test('spam can be released, and a waiting call be cancelled', { timeout: slow }, async () => {
  await serve({ id: 'spam', spam: 'honeypot' }, { id: 'waiting' });
  const page = await signIn('#/lead/spam');
  await page.getByText('It looked like spam').waitFor();
  await page.getByRole('button', { name: 'Release' }).click();
  await page.locator('.lead[data-state="open"]').waitFor();
  expect(await operator.leads.get('spam')).not.toHaveProperty('spam');
  await page.goto(`${api.origin}/console#/lead/waiting`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('cancelled by the operator').waitFor();
  expect((await operator.leads.get('waiting'))?.deliveries[0]?.state).toBe('CANCELLED');
});

test('erasing asks first, and then the lead is gone', { timeout: slow }, async () => {
  const id = 'e'.repeat(32);
  await serve({ id, phone: '+79990000001', name: 'Anna', deliveries: [{ ...call, state: 'PLACED', wakeAt: null }] });
  const page = await signIn(`#/lead/${id}`);
  await page.getByRole('heading', { name: 'Anna' }).waitFor();
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'No' }).click();
  expect(await operator.leads.get(id)).toBeDefined();
  await page.getByRole('button', { name: 'Erase' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Yes' }).click();
  await page.getByText('There are no such leads.').waitFor();
  expect(await operator.leads.get(id)).toBeUndefined();
  await page.goto(`${api.origin}/console#/lead/${id}`);
  await page.getByRole('alert').getByText('There is no such lead.').waitFor();
});

test('the list is filtered by phone, state, form and day, and an id leads to its lead', { timeout: slow }, async () => {
  const id = 'f'.repeat(32);
  const day = 24 * 60 * minute;
  await serve(
    { id, phone: '+79990000001' },
    { id: 'b', phone: '+79990000002', form: 'order', createdAt: now - minute },
    {
      id: 'c',
      phone: '+79990000003',
      deliveries: [{ ...call, state: 'PLACED', wakeAt: null }],
      createdAt: now - 3 * day,
    },
  );
  const page = await signIn('#/leads');
  const search = async (fill: () => Promise<unknown>, expected: string[]) => {
    await fill();
    await page.getByRole('button', { name: 'Search' }).click();
    await expect.poll(() => shown(page)).toEqual(expected);
  };
  const field = page.getByLabel('Phone, its last digits');
  await search(() => field.fill('8 (999) 000-00-02'), ['+79990000002']);
  expect(page.url()).not.toContain('0002');
  await search(() => field.fill(''), ['+79990000001', '+79990000002', '+79990000003']);
  await search(() => page.getByLabel('State').selectOption('done'), ['+79990000003']);
  await search(() => page.getByLabel('State').selectOption(''), ['+79990000001', '+79990000002', '+79990000003']);
  await search(() => page.getByLabel('Form').selectOption('order'), ['+79990000002']);
  await page.getByLabel('Form').selectOption('');
  const yesterday = new Date(now - day).toISOString().slice(0, 10);
  await search(() => page.getByLabel('From day').fill(yesterday), ['+79990000001', '+79990000002']);
  await field.fill('12');
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('alert').getByText('cannot be read').waitFor();
  await field.fill(id);
  await page.getByRole('button', { name: 'Search' }).click();
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  expect(page.url()).toContain(`#/lead/${id}`);
});

test("a lead's story goes from the form to the answer, and a visitor's text is only text", {
  timeout: slow,
}, async () => {
  const recordUrl = 'javascript:alert(1)';
  await serve({
    id: 'story',
    name: '<img src=x onerror=alert(1)>',
    comment: '<script>alert(1)</script>',
    deliveries: [
      { ...call, state: 'PLACED', attempts: 1, providerId: '77', refusals: refusals.slice(0, 1), wakeAt: null },
    ],
    calls: [
      { callId: '77', status: '200/200', answered: true, talkSeconds: 43, startedAt: now, recordUrl },
      {
        callId: '78',
        status: '200/486',
        answered: false,
        talkSeconds: null,
        startedAt: now,
        recordUrl: 'https://r.example/78',
      },
    ],
  });
  const page = await signIn('#/lead/story');
  const steps = page.locator('.timeline li b');
  await steps.first().waitFor();
  expect(await steps.allTextContents()).toEqual([
    'Form received',
    'Put into the queue',
    'main refused',
    'Call: the provider has taken it',
    'Answered, talked 43 s',
    'Not answered',
  ]);
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('<img src=x onerror=alert(1)>');
  expect(await page.locator('main img, main script').count()).toBe(0);
  expect(
    await page.locator('.timeline a').evaluateAll((links) => links.map((link) => link.getAttribute('href'))),
  ).toEqual(['https://r.example/78']);
});

test('an account says why leads pass it by, and lets go what it held', { timeout: slow }, async () => {
  const held = Array.from({ length: 60 }, (_, index) => ({
    id: `held-${index}`,
    createdAt: now - index,
    deliveries: [refused],
  }));
  await serve(...held);
  await operator.ports.breakers.open('main', 'no minutes');
  const page = await signIn('#/accounts');
  const card = page.locator('.lead', { hasText: 'main' });
  await card.getByText(/Refuses since .*: no minutes/).waitFor();
  await card.getByRole('button', { name: 'Let go what it refused' }).click();
  await page.getByRole('status').getByText('Let go: 60').waitFor();
  expect((await operator.leads.get('held-59'))?.deliveries[0]?.state).toBe('READY');
});

test('an account says what it has left, and how far its requests are used up', { timeout: slow }, async () => {
  await serve();
  await operator.funds.keep('main', { minutesLeft: 12.5, paidTill: Date.UTC(2026, 11, 1) });
  const page = await signIn('#/accounts');
  const card = (account: string) => page.locator('.lead', { hasText: account });
  await card('main').getByText('12.5 minutes left, paid till 1 Dec 2026 (read ').waitFor();
  await card('spare').getByText('Balance and paid period: its provider has not told.').waitFor();
  await card('ads').getByText("At most 5 requests a second, 100 of today's 100 points left").waitFor();
});

test('the days show their numbers, as a drawing and as a table', { timeout: slow }, async () => {
  const placed = [{ ...call, state: 'PLACED' as const, wakeAt: null }];
  const yesterday = now - 24 * 60 * minute;
  await serve(
    { id: 'a', deliveries: placed },
    { id: 'b', deliveries: [refused] },
    { id: 'c', deliveries: placed, createdAt: yesterday },
  );
  const page = await signIn('#/days');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  const cells = async (row: number) => rows.nth(row).locator('th, td').allTextContents();
  expect(await rows.count()).toBe(14);
  expect(await cells(0)).toEqual([new Date(now).toISOString().slice(0, 10), '1', '0', '1', '0', '2']);
  expect(await cells(1)).toEqual([new Date(yesterday).toISOString().slice(0, 10), '1', '0', '0', '0', '1']);
  expect(await page.locator('.plot text:not(.day)').allTextContents()).toEqual([...Array(12).fill('0'), '1', '2']);
  await page.getByRole('combobox', { name: 'Leads per day' }).selectOption('7');
  await expect.poll(() => rows.count()).toBe(7);
});

test('a search is saved as one file, over all its pages', { timeout: slow }, async () => {
  await serve(...Array.from({ length: 1_200 }, (_, index) => ({ id: `lead-${index}`, createdAt: now - index })));
  const page = await signIn('#/leads');
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save as NDJSON' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('leads.ndjson');
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk);
  const lines = Buffer.concat(chunks).toString().trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).id)).toEqual(
    Array.from({ length: 1_200 }, (_, index) => `lead-${index}`),
  );
});

test('ten thousand leads stay quick: a page is read and drawn at a time', { timeout: 2 * slow }, async () => {
  await serve(...Array.from({ length: 10_000 }, (_, index) => ({ id: `lead-${index}`, createdAt: now - index })));
  const page = await signIn('#/accounts');
  const requests: string[] = [];
  page.on('request', (request) => void requests.push(new URL(request.url()).pathname));
  const start = Date.now();
  await page.getByRole('link', { name: 'Leads', exact: true }).click();
  await page.locator('.lead').nth(49).waitFor();
  expect(Date.now() - start).toBeLessThan(3_000);
  expect(requests).toEqual(['/api/accounts', '/api/leads']);
  expect(await page.locator('.lead').count()).toBe(50);
  await page.getByRole('button', { name: 'More' }).click();
  await page.locator('.lead').nth(99).waitFor();
  expect(await page.locator('.lead').count()).toBe(100);
  expect(requests.filter((path) => path === '/api/leads')).toHaveLength(2);
});

test('all is done by keyboard alone: in, to a held lead, released, and out', { timeout: slow }, async () => {
  await serve({ id: 'held', deliveries: [refused] });
  const page = await open();
  const { keyboard } = page;
  const tabTo = async (name: string) => {
    for (let presses = 0; presses < 30; presses++) {
      await keyboard.press('Tab');
      const focused = page.locator(':focus');
      if ((await focused.count()) === 1 && (await focused.textContent()) === name) return;
    }
    throw new Error(`the keyboard does not get to ${name}`);
  };
  await keyboard.type('local');
  await keyboard.press('Enter');
  await page.locator('.lead').waitFor();
  expect(await page.locator('h1:focus').textContent()).toBe('Needs you');
  await tabTo('+79161112233');
  await keyboard.press('Enter');
  await page.getByRole('heading', { name: 'What happened' }).waitFor();
  await tabTo('Release');
  await keyboard.press('Space');
  await page.getByRole('status').getByText('released').waitFor();
  await operator.happen('held', { type: 'cancel' });
  await page.locator('.lead[data-state="done"]').waitFor();
  await tabTo('Erase');
  await keyboard.press('Enter');
  await page.getByRole('dialog').waitFor();
  expect(await page.locator(':focus').textContent()).toBe('No');
  await keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await operator.leads.get('held')).toBeDefined();
  await page.reload();
  await page.locator('.lead').waitFor();
  await tabTo('Sign out');
  await keyboard.press('Enter');
  await page.getByLabel("Operator's token").waitFor();
});

test('it speaks Russian to who reads Russian, and changes on demand', { timeout: slow }, async () => {
  await serve({ id: 'held', deliveries: [refused] });
  const page = await signIn('', { locale: 'ru-RU' });
  await page.getByRole('heading', { name: 'Ждут вас' }).waitFor();
  await page.getByRole('button', { name: 'Отпустить' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('ru');
  await page.getByRole('button', { name: 'In English' }).click();
  await page.getByRole('heading', { name: 'Needs you' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

describe.each(['attention', 'leads', 'lead/held', 'accounts', 'days'])('the place %s', (place) => {
  test('needs no scrolling sideways on a phone, and breaks no rule of its policy', { timeout: slow }, async () => {
    await serve({ id: 'held', deliveries: [refused], fields: { page: 'https://acme.example/'.padEnd(300, 'x') } });
    const viewport = { width: 320, height: 640 };
    const page = await open(`#/${place}`, { viewport, colorScheme: 'dark' });
    const messages: string[] = [];
    page.on('console', (message) => void messages.push(message.text()));
    page.on('pageerror', (error) => void messages.push(error.message));
    await page.getByLabel("Operator's token").fill('local');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('main .lead, main table').first().waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
    expect(messages).toEqual([]);
  });
});

test('on a phone, in Russian, the menu has one line and every heading of the table stands apart', {
  timeout: slow,
}, async () => {
  await serve({ id: 'a' });
  const page = await signIn('#/days', { viewport: { width: 360, height: 740 }, locale: 'ru-RU' });
  await page.locator('tbody tr').first().waitFor();
  /** Left and right edges of the words, and how many lines the boxes begin on. */
  const edgesOf = (selector: string) =>
    page.locator(selector).evaluateAll((elements) =>
      elements.map((element) => {
        const range = element.ownerDocument.createRange();
        range.selectNodeContents(element);
        const { left, right } = range.getBoundingClientRect();
        return { left, right, top: element.getBoundingClientRect().top };
      }),
    );
  expect(new Set((await edgesOf('nav a')).map(({ top }) => top)).size).toBe(1);
  const heads = await edgesOf('thead th');
  const gaps = heads.slice(1).map(({ left }, index) => left - (heads[index]?.right ?? 0));
  expect(gaps).toHaveLength(5);
  expect(Math.min(...gaps)).toBeGreaterThan(4);
});

test('what is down is said, and the page goes on when it is back', { timeout: slow }, async () => {
  await serve({ id: 'held', deliveries: [refused] });
  const page = await signIn();
  await page.route('**/api/**', (route) => route.abort());
  await page.getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('alert').getByText('No answer from the server').waitFor();
  await page.unroute('**/api/**');
  await page.getByRole('link', { name: 'Needs you' }).click();
  await page.locator('.lead').waitFor();
  expect(await page.getByRole('alert').textContent()).toBe('');
});
