import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type RunningHost, startHost } from '../support/start-host.ts';

const slow = 30_000;
const token = 'a-token-of-the-operator';
let host: RunningHost;
let browser: Browser;

beforeAll(async () => {
  [host, browser] = await Promise.all([startHost({ RINGBACK_OPERATOR_TOKEN: token }), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await host?.stop();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function open(options: BrowserContextOptions = {}, path = '/'): Promise<Page> {
  const context = await browser.newContext({ baseURL: host.origin, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(slow / 2);
  await page.goto(path);
  return page;
}

const quickForm = (page: Page) => page.locator('#call-me');
const plainForm = (page: Page) => page.locator('#wedding');
const phoneOf = (page: Page, number: string) => page.locator('.phone', { hasText: number });
const leadOf = (page: Page, number: string) => page.locator('.lead', { hasText: number });

/** Each test has a phone of its own: they share one host. Numbers that end in 00 to 03 would not answer. */
async function fill(form: ReturnType<typeof quickForm>, phone: string, name = 'Anna') {
  await form.getByLabel('Name').fill(name);
  await form.getByLabel('Phone').fill(phone);
}

async function losesAnswer(route: Route) {
  await route.fetch();
  await route.abort();
}

function keysSentBy(page: Page): (string | null)[] {
  const keys: (string | null)[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') keys.push(new URLSearchParams(request.postData() ?? '').get('_key'));
  });
  return keys;
}

/** How many leads and calls there are for a phone, digits only. */
async function count(phone: string) {
  const state = (await (await fetch(`${host.origin}/_local/state`)).json()) as {
    leads: { phone: string }[];
    calls: { client: string }[];
  };
  return {
    leads: state.leads.filter((lead) => lead.phone === `+${phone}`).length,
    calls: state.calls.filter((call) => call.client === phone).length,
  };
}

test('with JavaScript the visitor stays on the page and the phone rings', { timeout: slow }, async () => {
  const page = await open();
  await fill(quickForm(page), '8 (999) 000-00-10');
  await quickForm(page).getByRole('button', { name: 'Send' }).click();

  await quickForm(page).getByText('We have received your request').waitFor();
  expect(page.url()).toBe(`${host.origin}/`);
  const phone = phoneOf(page, '+7 999 000 00 10');
  await phone.and(page.locator('[data-state="ringing"]')).waitFor();
  expect(await phone.textContent()).toMatch(/The manager hears\s*Call me back\..*Anna/);
  expect(await page.getByRole('status').first().textContent()).toBe('+7 999 000 00 10: The phone rings');
  const steps = leadOf(page, '+7 999 000 00 10').getByRole('listitem');
  const texts = (await steps.allInnerTexts()).slice(0, 4);
  expect(texts.map((text) => text.replaceAll(/\s+/g, ' '))).toEqual([
    expect.stringMatching(/^\d\d:\d\d:\d\d Form received Anna$/),
    expect.stringMatching(/^\+\d+\.\d s CALLING callkeeper, attempt 1$/),
    expect.stringMatching(/^\+\d+\.\d s PLACED callkeeper, call \d+$/),
    expect.stringMatching(/Rings the manager first, then the visitor$/),
  ]);
  await phone.and(page.locator('[data-state="talking"]')).waitFor();
  await leadOf(page, '+7 999 000 00 10').getByText('Answered').waitFor();
});

test('without JavaScript the form is sent, thanked for, and the phone is there', { timeout: slow }, async () => {
  const page = await open({ javaScriptEnabled: false });
  await fill(plainForm(page), '+7 999 000-00-11', 'Maria');
  await plainForm(page).getByLabel('What would you like?').fill('Peonies for Saturday');
  await plainForm(page).getByRole('button', { name: 'Send' }).click();

  await plainForm(page).getByText('We have received your request').waitFor();
  expect(new URL(page.url()).searchParams.get('sent')).toBe('1');
  // The page reloads itself while something is under way.
  await phoneOf(page, '+7 999 000 00 11').and(page.locator('[data-state="talking"]')).waitFor();
  expect(await phoneOf(page, '+7 999 000 00 11').textContent()).toMatch(/Maria\. Peonies for Saturday/);
  expect(await leadOf(page, '+7 999 000 00 11').textContent()).toContain('PLACED');
  await page.getByRole('link', { name: 'Send another' }).click();
  await plainForm(page).getByLabel('Phone').waitFor();
});

test('without JavaScript the first form works as well', { timeout: slow }, async () => {
  const page = await open({ javaScriptEnabled: false });
  await fill(quickForm(page), '+7 999 000-00-12');
  await quickForm(page).getByRole('button', { name: 'Send' }).click();
  await page.getByText('We have received your request').waitFor();
});

test('a double click sends once', { timeout: slow }, async () => {
  const page = await open();
  const keys = keysSentBy(page);
  await fill(quickForm(page), '+7 999 000-00-13');
  await quickForm(page).getByRole('button', { name: 'Send' }).dblclick();

  await phoneOf(page, '+7 999 000 00 13').and(page.locator('[data-state="ringing"]')).waitFor();
  expect(keys).toHaveLength(1);
  expect(await count('79990000013')).toEqual({ leads: 1, calls: 1 });
});

test('a double click on the plain form is one lead and one ring', { timeout: slow }, async () => {
  const page = await open();
  await fill(plainForm(page), '+7 999 000-00-14');
  await plainForm(page).getByRole('button', { name: 'Send' }).dblclick();

  await phoneOf(page, '+7 999 000 00 14').and(page.locator('[data-state="ringing"]')).waitFor();
  expect(await count('79990000014')).toEqual({ leads: 1, calls: 1 });
});

test('after an answer that got lost the form goes out again under the same key', { timeout: slow }, async () => {
  const page = await open();
  const keys = keysSentBy(page);
  await page.route('**/f/callback', losesAnswer, { times: 1 });
  await fill(quickForm(page), '+7 999 000-00-15');
  await quickForm(page).getByRole('button', { name: 'Send' }).click();

  await quickForm(page).getByText('We have received your request').waitFor();
  expect(keys).toEqual([expect.stringMatching(/^\d+(,\d+){3}$/), keys[0]]);
  await phoneOf(page, '+7 999 000 00 15').and(page.locator('[data-state="ringing"]')).waitFor();
  expect(await count('79990000015')).toEqual({ leads: 1, calls: 1 });
});

test('the same phone sent again from a new form is a second lead', { timeout: slow }, async () => {
  const page = await open();
  for (const _ of ['first', 'second']) {
    await fill(quickForm(page), '+7 999 000-00-17');
    await quickForm(page).getByRole('button', { name: 'Send' }).click();
    await quickForm(page).getByRole('button', { name: 'Send another' }).click();
  }
  await leadOf(page, '+7 999 000 00 17').nth(1).waitFor();
});

test('a number that cannot be rung is said at its field, and can be mended', { timeout: slow }, async () => {
  const page = await open({}, '/?lang=ru');
  const phone = quickForm(page).getByLabel('Телефон');
  await phone.fill('12');
  await quickForm(page).getByRole('button', { name: 'Отправить' }).click();

  const error = quickForm(page).getByRole('alert');
  expect(await error.textContent()).toBe('В номере не хватает цифр. Проверьте, пожалуйста.');
  expect(await phone.getAttribute('aria-invalid')).toBe('true');
  expect(await phone.getAttribute('aria-describedby')).toBe(await error.getAttribute('id'));
  expect(await phone.evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true);

  await phone.fill('+7 999 000-00-16');
  await quickForm(page).getByRole('button', { name: 'Отправить' }).click();
  await quickForm(page).getByText('Мы получили вашу заявку').waitFor();
  expect(await quickForm(page).getByRole('alert').count()).toBe(0);
});

test.each(['en', 'ru'])('a phone-sized screen needs no scrolling sideways (%s)', { timeout: slow }, async (lang) => {
  const viewport = { width: 320, height: 640 };
  const page = await open({ viewport }, `/?lang=${lang}`);
  await page.locator('#quick-phone').fill('+7 999 000-00-18');
  await page.locator('#quick button').click();
  await phoneOf(page, '+7 999 000 00 18').first().waitFor();
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(viewport.width);
});

test('says so when the host gives no news', { timeout: slow }, async () => {
  const page = await open();
  await page.route('**/_local/panel', (route) => route.abort());
  await page.getByRole('alert').getByText('No news from the host').waitFor();
  await page.unroute('**/_local/panel');
  await page.getByRole('alert').waitFor({ state: 'hidden' });
});

test('the page does not hold the token of the operator', { timeout: slow }, async () => {
  const page = await open();
  const files = ['/', '/_local/page.js', '/_local/panel', '/_local/state'];
  const bodies = await Promise.all(files.map(async (file) => (await page.request.get(file)).text()));
  expect(bodies.join('')).not.toContain(token);
});
