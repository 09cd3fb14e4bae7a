import type { Page } from 'playwright-core';
import { startBrowser } from '../support/browser.ts';
import { startHost } from '../support/start-host.ts';

// Takes the README's picture from the real page: one visitor is talking already, another's phone rings.
const file = 'docs/images/demo.png';

const [host, browser] = await Promise.all([startHost(), startBrowser()]);
try {
  const page = await browser.newPage({ viewport: { width: 1240, height: 900 }, colorScheme: 'light' });
  page.setDefaultTimeout(20_000);
  await page.goto(host.origin);
  await page.locator('#plain-comment').fill('Peonies for Saturday');
  await send(page, '#plain', 'Maria', '+7 999 000-45-59');
  await page.locator('.phone[data-state="talking"]').waitFor();
  await page.goto(host.origin);
  await send(page, '#quick', 'Anna', '+7 999 000-12-34');
  await page.locator('.phone[data-state="ringing"]').waitFor();
  await page.screenshot({ path: file, fullPage: true, animations: 'disabled' });
} finally {
  await browser.close();
  await host.stop();
}

async function send(page: Page, form: string, name: string, phone: string) {
  await page.locator(`${form}-name`).fill(name);
  await page.locator(`${form}-phone`).fill(phone);
  await page.locator(`${form} button`).click();
}
