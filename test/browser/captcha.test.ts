import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Host } from '../../infra/local/host.ts';
import type { SimulatedCaptcha } from '../../infra/local/simulated-captchas.ts';
import { type Deployment, deploy } from '../end-to-end/local-host.ts';
import { startBrowser } from '../support/browser.ts';
import { readSnippets, render } from './snippets.ts';
import { page as htmlPage, serveSite } from './static-site.ts';

const slow = { timeout: 40_000 };
let site: Awaited<ReturnType<typeof serveSite>>;
let deployment: Deployment;
let host: Host;
let browser: Browser;
let turnstile: SimulatedCaptcha;

beforeAll(async () => {
  const snippet = readSnippets().get('turnstile');
  if (snippet === undefined) throw new Error('docs/forms.md has no snippet for Turnstile');
  site = await serveSite({ '/': () => htmlPage(render(snippet, host.url)) });
  const account = { provider: 'callkeeper', unique: 'acme', apiak: { secret: 'key' }, whash: 'w1' };
  const captcha = { kind: 'turnstile' as const, secret: { secret: 'turnstile-key' } };
  const form = { name: 'Call me back', origins: [site.origin], call: ['callkeeper'], captcha };
  deployment = await deploy({ accounts: { callkeeper: account }, forms: { callback: form } });
  [host, browser] = await Promise.all([deployment.start(), startBrowser()]);
  turnstile = host.simulatedCaptchas[0] as SimulatedCaptcha;
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await deployment?.clean();
  await site?.close();
});

/** The page, with the widget's script replaced by one that hands out a token of this host. */
async function open(hostOfToken: string): Promise<Page> {
  const context = await browser.newContext({ baseURL: site.origin, locale: 'en-US' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.route('https://challenges.cloudflare.com/**', (route) => {
    const token = turnstile.tokens.mint(hostOfToken, 'callback');
    const input = `<input type="hidden" name="cf-turnstile-response" value="${token}">`;
    const body = `document.querySelector('.cf-turnstile').innerHTML = ${JSON.stringify(input)}`;
    return route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.goto('/');
  return page;
}

async function send(page: Page, phone: string) {
  await page.getByLabel('Phone').fill(phone);
  await page.getByRole('button').click();
}

async function statesOf(phone: string) {
  const headers = { authorization: 'Bearer local' };
  const response = await fetch(`${host.url}/api/leads?form=callback`, { headers });
  type Lead = { phone: string; deliveries: { state: string }[] };
  const { leads } = (await response.json()) as { leads: Lead[] };
  return leads.flatMap((lead) => (lead.phone === phone ? lead.deliveries.map(({ state }) => state) : []));
}

describe('a form with a captcha, on the whole stack', () => {
  test('rings for a token of its page', slow, async () => {
    const page = await open('127.0.0.1');
    await send(page, '+79993000001');
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    await expect.poll(() => statesOf('+79993000001')).toEqual(['PLACED']);
  });

  test('sends a person with another page’s token back to the form', slow, async () => {
    const page = await open('evil.example');
    await send(page, '+79993000002');
    await page.getByText('Go back to the page with the form and take it again.').waitFor();
    expect(await statesOf('+79993000002')).toEqual([]);
  });

  test('holds the lead when the verifier is down, and the person sees success', slow, async () => {
    const page = await open('127.0.0.1');
    turnstile.order('error-before');
    await send(page, '+79993000003');
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    expect(await statesOf('+79993000003')).toEqual(['HELD']);
  });
});
