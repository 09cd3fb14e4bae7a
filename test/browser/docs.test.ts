import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import { type Deployment, deploy } from '../end-to-end/local-host.ts';
import { startBrowser } from '../support/browser.ts';
import { readSnippets, render } from './snippets.ts';
import { page as htmlPage, serveSite } from './static-site.ts';

// docs/forms.md: what people copy has to work as it stands.
const slow = { timeout: 40_000 };
const snippets = readSnippets();
let site: Awaited<ReturnType<typeof serveSite>>;
let deployment: Deployment;
let host: Host;
let browser: Browser;

beforeAll(async () => {
  const pages = [...snippets].map(
    ([name, snippet]) => [`/${name}`, () => htmlPage(render(snippet, host.url))] as const,
  );
  site = await serveSite({ ...Object.fromEntries(pages), '/thanks': () => htmlPage('<h1>Thanks from Acme</h1>') });
  const account = { provider: 'callkeeper', unique: 'acme', apiak: { secret: 'key' }, whash: 'w1' };
  const form = { name: 'Call me back', origins: [site.origin], call: ['callkeeper'] };
  deployment = await deploy({ accounts: { callkeeper: account }, forms: { callback: form } });
  [host, browser] = await Promise.all([deployment.start(), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.clean();
  await site?.close();
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

let phones = 0;

async function fillAndSend(name: string): Promise<{ page: Page; phone: string }> {
  const phone = `+7999${2_000_000 + ++phones}`;
  const page = await (await browser.newContext({ baseURL: site.origin, locale: 'en-US' })).newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(`/${name}`);
  // A script that a script put in comes when it comes.
  await page.waitForLoadState('networkidle');
  await page.getByLabel('Phone').fill(phone);
  await page.getByRole('button').click();
  return { page, phone };
}

async function leadsOf(phone: string) {
  const response = await fetch(`${host.url}/api/leads?form=callback&limit=100`, {
    headers: { authorization: 'Bearer local' },
  });
  const { leads } = (await response.json()) as { leads: { phone: string; state: string; attribution: object }[] };
  return leads.filter((lead) => lead.phone === phone);
}

/** What the visitor sees at the end. */
const ends: Record<string, (page: Page) => Promise<void>> = {
  plain: (page) => page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor(),
  ringback: (page) => page.getByText('Thank you! We will call you back soon.').waitFor(),
  events: (page) => page.getByText(/^We call you\. Your number is [0-9a-f]{6}\.$/).waitFor(),
  fetch: (page) => page.getByRole('status').getByText('Thank you!').waitFor(),
  hugo: (page) => page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor(),
  astro: (page) => page.getByText('Thank you! We will call you back soon.').waitFor(),
  next: (page) => page.getByText('Thank you! We will call you back soon.').waitFor(),
  netlify: (page) => page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor(),
};

describe('the snippets of docs/forms.md', () => {
  test('are all tried, here or with the captcha', () => {
    expect([...snippets.keys()].sort()).toEqual([...Object.keys(ends), 'turnstile'].sort());
  });

  test.each(Object.keys(ends))('%s', slow, async (name) => {
    const { page, phone } = await fillAndSend(name);
    await ends[name]?.(page);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test.each(['ringback', 'astro', 'next', 'hugo'])('%s tells where the visitor was', slow, async (name) => {
    const { page, phone } = await fillAndSend(name);
    await ends[name]?.(page);
    const here = `${site.origin}/${name}`;
    expect(await leadsOf(phone)).toMatchObject([{ attribution: { entry_point: here, current_page: here } }]);
  });
});
