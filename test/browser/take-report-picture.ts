import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ExportedCall } from '../../cli/report/figures.ts';
import { reportPage } from '../../cli/report/page.ts';
import { makeApiLead, makeExportedCall } from '../cli/report/samples.ts';
import { startBrowser } from '../support/browser.ts';
import { createRandom } from '../support/virtual-time.ts';

// Takes the picture of docs/statistics.md from a report of three made-up weeks.
const file = 'docs/images/report.png';
const random = createRandom(20);
const pick = <Item>(items: readonly Item[]): Item => items[Math.floor(random() * items.length)] as Item;
const start = Date.parse('2026-11-02T00:00:00+03:00');
const misses = [
  ['busy', 'client'],
  ['no-answer', 'client'],
  ['no-answer', 'manager'],
  ['unavailable', 'client'],
] as const;

const leads = Array.from({ length: 240 }, (_, index) => {
  const day = pick([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 6]) + 7 * Math.floor(random() * 3);
  const createdAt = start + day * 86_400_000 + Math.floor((9 + 11 * random()) * 3_600_000);
  return makeApiLead({
    id: `lead-${index}`,
    createdAt: new Date(createdAt).toISOString(),
    phone: `+79990${String(Math.floor(random() * 1_000_000)).padStart(6, '0')}`,
    name: pick(['Anna', 'Ivan', 'Maria', 'Olga', 'Pavel', null]),
    attribution: pick([
      { utm_source: 'yandex' },
      { utm_source: 'yandex' },
      { utm_source: 'google' },
      { utm_source: 'vk' },
      {},
    ]),
  });
});
const calls = leads.map(({ id, createdAt }): ExportedCall => {
  const answered = random() < 0.78;
  const [outcome, failedSide] = answered ? (['answered', 'none'] as const) : pick(misses);
  const startedAt = new Date(Date.parse(createdAt) + 4_000 + Math.floor(random() ** 3 * 90_000)).toISOString();
  const talkSeconds = answered ? 20 + Math.floor(random() * 240) : 0;
  const ringing = 6 + Math.floor(random() * 14);
  return makeExportedCall({
    callId: id,
    leadId: id,
    startedAt,
    answered,
    outcome,
    failedSide,
    talkSeconds,
    totalSeconds: talkSeconds + ringing,
  });
});

const folder = await mkdtemp(join(tmpdir(), 'ringback-picture-'));
const page = join(folder, 'report.html');
await writeFile(
  page,
  reportPage({ leads, calls, timeZone: 'Europe/Moscow' }, { from: '2026-11-02', to: '2026-11-22' }),
);
const browser = await startBrowser();
try {
  const tab = await browser.newPage({ viewport: { width: 1240, height: 900 }, colorScheme: 'light' });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path: file, fullPage: true });
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
