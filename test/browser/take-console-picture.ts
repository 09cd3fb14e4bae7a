import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { bundleConsole } from '../../infra/console-files.ts';
import { startBrowser } from '../support/browser.ts';
import { makeLead } from '../support/leads.ts';
import { createOperator, serveOperator } from '../support/operator.ts';

// Takes the picture of docs/console.md from the real page over made-up leads.
const file = 'docs/images/console.png';

const now = Date.UTC(2026, 10, 22, 9, 30);
const [call] = newDeliveries({ call: ['main', 'spare'], track: [] }, now) as [Delivery];
const held: Partial<Delivery> = { ...call, state: 'HELD', attempts: 1, wakeAt: null };
const refusals = ['main', 'spare'].map((account) => ({ account, reason: 'The widget is disabled', at: now }));
const operator = createOperator(createMemoryTable(), now);
const leads = [
  {
    phone: '+79990001234',
    name: 'Anna',
    deliveries: [{ ...held, account: 'spare', refusals, reason: 'The widget is disabled' }],
  },
  {
    phone: '+79990004559',
    name: 'Maria',
    deliveries: [
      {
        ...held,
        claim: { owner: 'x', startedAt: now, deadline: now },
        reason: "the call is not in the provider's list",
      },
    ],
  },
  { phone: '+79990007788', name: 'Pavel', deliveries: [{ ...call, state: 'EXPIRED' as const, wakeAt: null }] },
];
for (const [index, lead] of leads.entries()) {
  await operator.leads.create(makeLead({ id: `lead-${index}`, createdAt: now - index * 60_000, ...lead }));
}
const [api, browser] = await Promise.all([serveOperator(operator, await bundleConsole(process.cwd())), startBrowser()]);
try {
  const viewport = { width: 900, height: 640 };
  const page = await browser.newPage({ viewport, locale: 'en-GB', timezoneId: 'Europe/Moscow', colorScheme: 'light' });
  await page.goto(`${api.origin}/console`);
  await page.locator('input').fill('local');
  await page.keyboard.press('Enter');
  await page.locator('.lead').nth(2).waitFor();
  await page.screenshot({ path: file, animations: 'disabled' });
} finally {
  await browser.close();
  await api.close();
}
