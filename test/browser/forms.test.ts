import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page, Route } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startBrowser } from '../support/browser.ts';
import { type RunningHost, startHost } from '../support/start-host.ts';
import { page as htmlPage, serveSite } from './static-site.ts';

// The sites here are at 127.0.0.1 and the host at localhost: other origins, and other sites.
const slow = { timeout: 40_000 };
let host: RunningHost;
let browser: Browser;
let site: Awaited<ReturnType<typeof serveSite>>;
let folder: string;

const fields = `<label>Name <input name="name"></label><label>Phone <input name="phone" type="tel"></label>
  <label>Comment <textarea name="comment"></textarea></label><button>Send</button>`;
const formTo = (id: string, more = '', attributes = '') =>
  `<form action="${host.origin}/f/${id}" method="post" ${attributes}>${fields}${more}</form>`;
const script = (attributes = '') => `<script src="${host.origin}/ringback.js" defer ${attributes}></script>`;
const next = '<input type="hidden" name="_next" value="/thanks">';

const pages: Record<string, () => string> = {
  '/plain': () => htmlPage(formTo('callback', next)),
  '/windows-1251': () =>
    htmlPage(formTo('callback', `${next}<input type="hidden" name="_charset_">`, 'accept-charset="windows-1251"')),
  '/windows-1251-multipart': () =>
    htmlPage(
      formTo(
        'callback',
        `${next}<input type="hidden" name="_charset_"><input type="file" name="photo">`,
        'accept-charset="windows-1251" enctype="multipart/form-data"',
      ),
    ),
  '/helper': () => htmlPage(formTo('callback'), script()),
  '/helper-plain': () => htmlPage(formTo('callback', next, 'data-ringback="plain"'), script()),
  '/helper-next': () => htmlPage(formTo('callback', next), script()),
  '/stamped': () => htmlPage(formTo('stamped'), script()),
  '/russian': () => htmlPage(formTo('callback'), script()).replace('lang="en"', 'lang="ru"'),
  '/late': () =>
    htmlPage(
      '<div id="app"></div>',
      `${script()}<script>addEventListener('load', () => { app.innerHTML = \`${formTo('callback')}\` })</script>`,
    ),
  '/own-words': () =>
    htmlPage(
      `${formTo('callback')}<output></output>`,
      `${script()}<script>
        for (const type of ['sent', 'error']) addEventListener('ringback:' + type, (event) => {
          event.preventDefault();
          document.querySelector('output').textContent = type + ' ' + JSON.stringify(event.detail);
        });
      </script>`,
    ),
  '/fenced': () =>
    htmlPage(
      formTo('callback', next),
      `<meta http-equiv="Content-Security-Policy" content="connect-src 'none'">${script()}`,
    ),
  '/visit': () => htmlPage('<a href="/prices">Prices</a>', script('data-ringback-store="session"')),
  '/prices': () => htmlPage(formTo('callback'), script('data-ringback-store="session"')),
  '/nothing-kept': () => htmlPage('<a href="/helper">Form</a>', script()),
  '/counters': () =>
    htmlPage(
      formTo('callback'),
      `<script>
        document.cookie = '_ga=GA1.1.111.222'; document.cookie = '_ym_uid=1700000000123456789';
        document.cookie = 'roistat_visit=42'; document.cookie = '_ct_ids=' + encodeURIComponent('abc:55:777');
        const mod = new URLSearchParams(location.search).get('ct');
        if (mod) window.ct = (method, id) => method === 'calltracking_params' && id === mod ? { sessionId: 12345678901 } : undefined;
      </script>${script('data-ringback-calltouch="abc"')}`,
    ),
  '/ads': () => htmlPage(`<a href="${site.origin}/visit?utm_source=ads&utm_campaign=peonies">Acme</a>`),
  '/thanks': () => htmlPage('<h1>Thanks from Acme</h1>'),
};

beforeAll(async () => {
  site = await serveSite(pages);
  folder = await mkdtemp(join(tmpdir(), 'ringback-forms-'));
  const file = join(folder, 'config.json');
  const form = { origins: [site.origin], call: ['callkeeper'] };
  const account = { provider: 'callkeeper', unique: 'acme', apiak: { secret: 'key' }, whash: 'w1' };
  const forms = {
    callback: { ...form, name: 'Call me back' },
    stamped: { ...form, name: 'Call me back', minFillSeconds: 2 },
  };
  await writeFile(file, JSON.stringify({ accounts: { callkeeper: account }, forms }));
  [host, browser] = await Promise.all([startHost({ RINGBACK_CONFIG: file }), startBrowser()]);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await host?.stop();
  await site?.close();
  await rm(folder, { recursive: true });
});
afterEach(() => Promise.all(browser.contexts().map((context) => context.close())));

async function open(path: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ baseURL: site.origin, locale: 'en-US', ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  await page.goto(path);
  return page;
}

let phones = 0;
/** A phone that no other test has. */
const newPhone = () => `+7999${String(1_000_000 + ++phones)}`;

async function fill(page: Page, phone: string, name = 'Anna') {
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Phone').fill(phone);
}

const send = (page: Page) => page.getByRole('button', { name: 'Send' }).click();
const thanksOf = (page: Page) => page.getByRole('status').getByText('Thank you!').waitFor();

type Lead = { phone: string; name: string; state: string; attribution: Record<string, string>; fields: object };

async function leadsOf(phone: string, form = 'callback'): Promise<Lead[]> {
  const headers = { authorization: 'Bearer local' };
  const response = await fetch(`${host.origin}/api/leads?form=${form}&limit=100`, { headers });
  const { leads } = (await response.json()) as { leads: Lead[] };
  return leads.filter((lead) => lead.phone === phone);
}

async function loseAnswer(route: Route) {
  await route.fetch();
  await route.abort();
}

/** The bodies of the forms that the page posts. */
function postsOf(page: Page): URLSearchParams[] {
  const posts: URLSearchParams[] = [];
  page.on('request', (request) => {
    if (request.method() === 'POST') posts.push(new URLSearchParams(request.postData() ?? ''));
  });
  return posts;
}

describe('a plain form', () => {
  test.each([true, false])('leads to the thanks of its own site (JavaScript: %s)', slow, async (javaScriptEnabled) => {
    const phone = newPhone();
    const page = await open('/plain', { javaScriptEnabled });
    await fill(page, phone);
    await send(page);
    await page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor();
    expect(page.url()).toBe(`${site.origin}/thanks`);
    expect(await leadsOf(phone)).toMatchObject([{ name: 'Anna', fields: {} }]);
  });

  test.each(['/windows-1251', '/windows-1251-multipart'])('in another charset than UTF-8 (%s)', slow, async (path) => {
    const phone = newPhone();
    const page = await open(path);
    await fill(page, phone, 'Анна Ёлкина');
    await send(page);
    await page.waitForURL('**/thanks');
    expect(await leadsOf(phone)).toMatchObject([{ name: 'Анна Ёлкина', fields: {} }]);
  });

  test('sent again after the back button is one lead', slow, async () => {
    const phone = newPhone();
    const page = await open('/plain');
    for (const _turn of [1, 2]) {
      await fill(page, phone);
      await send(page);
      await page.waitForURL('**/thanks');
      await page.goBack();
    }
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('in two tabs with one phone is one lead', slow, async () => {
    const phone = newPhone();
    const tabs = await Promise.all([open('/plain'), open('/plain')]);
    await Promise.all(
      tabs.map(async (tab) => {
        await fill(tab, phone);
        await send(tab);
        await tab.waitForURL('**/thanks');
      }),
    );
    expect(await leadsOf(phone)).toHaveLength(1);
  });
});

describe('the page for a form that has to be mended', () => {
  const openIt = async () => {
    const page = await open('/helper', { javaScriptEnabled: false });
    await fill(page, '+7 999 12', 'Anna <b>');
    await page.getByLabel('Comment').fill('After six\nplease');
    await send(page);
    await page.getByRole('alert').waitFor();
    return page;
  };

  test('tells a screen reader what it is, what is wrong and where', slow, async () => {
    const page = await openIt();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.locator('body').ariaSnapshot()).toBe(
      [
        '- main:',
        '  - heading "The form was not sent" [level=1]',
        '  - alert: Please check the form.',
        '  - text: Name',
        '  - textbox "Name": Anna <b>',
        '  - text: Phone',
        '  - textbox "Phone" [invalid]: +7 999 12',
        '  - paragraph: Some digits of the number are missing. Please check it.',
        '  - text: Comment',
        '  - textbox "Comment": After six please',
        '  - button "Send"',
        '  - paragraph:',
        '    - link "Back to the site":',
        `      - /url: ${site.origin}/`,
      ].join('\n'),
    );
    const phone = page.getByLabel('Phone');
    expect(await page.locator(':focus').getAttribute('name')).toBe('phone');
    const describedBy = await phone.getAttribute('aria-describedby');
    expect(await page.locator(`#${describedBy}`).textContent()).toContain('Some digits of the number are missing');
  });

  test('loads nothing from anywhere', slow, async () => {
    const page = await openIt();
    expect(await page.locator('link, script, img, iframe, [src]').count()).toBe(0);
  });

  test('keeps what was typed, and sends it once mended', slow, async () => {
    const phone = newPhone();
    const page = await openIt();
    await page.getByLabel('Phone').fill(phone);
    await send(page);
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    expect(await leadsOf(phone)).toMatchObject([
      { name: 'Anna <b>', comment: expect.stringMatching(/After six\s+please/) },
    ]);
    expect(await page.getByRole('link', { name: 'Back to the site' }).getAttribute('href')).toBe(`${site.origin}/`);
  });
});

describe('with /ringback.js', () => {
  test('the visitor stays on the page and is thanked there', slow, async () => {
    const phone = newPhone();
    const page = await open('/helper');
    const posts = postsOf(page);
    await fill(page, phone);
    await send(page);
    await thanksOf(page);
    expect(page.url()).toBe(`${site.origin}/helper`);
    expect(await page.getByLabel('Phone').isVisible()).toBe(false);
    expect(posts.map((body) => body.get('_key'))).toEqual([expect.stringMatching(/^\d+(,\d+){3}$/)]);
    const here = `${site.origin}/helper`;
    expect(await leadsOf(phone)).toMatchObject([
      { name: 'Anna', attribution: { entry_point: here, current_page: here } },
    ]);
  });

  test('_next leads on as it does without', slow, async () => {
    const page = await open('/helper-next');
    await fill(page, newPhone());
    await send(page);
    await page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor();
  });

  test('what is wrong is said at the field, in the language of the page', slow, async () => {
    const phone = newPhone();
    const page = await open('/russian');
    await fill(page, '12');
    await send(page);
    const error = page.getByRole('alert');
    expect(await error.textContent()).toBe('В номере не хватает цифр. Проверьте, пожалуйста.');
    const input = page.getByLabel('Phone');
    expect(await input.getAttribute('aria-invalid')).toBe('true');
    expect(await input.getAttribute('aria-describedby')).toBe(await error.getAttribute('id'));
    expect(await input.evaluate((element) => element === element.ownerDocument.activeElement)).toBe(true);
    await input.fill(phone);
    await send(page);
    await page.getByText('Спасибо!').waitFor();
    expect(await page.getByRole('alert').count()).toBe(0);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('offline it waits, online again it is sent, once', slow, async () => {
    const phone = newPhone();
    const page = await open('/helper');
    await fill(page, phone);
    await page.context().setOffline(true);
    await send(page);
    await page.getByRole('status').getByText('No connection').waitFor();
    expect(await leadsOf(phone)).toEqual([]);
    await page.context().setOffline(false);
    await thanksOf(page);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('an answer that is lost costs no second lead', slow, async () => {
    const phone = newPhone();
    const page = await open('/helper');
    const posts = postsOf(page);
    await page.route('**/f/callback', loseAnswer, { times: 2 });
    await fill(page, phone);
    await send(page);
    await thanksOf(page);
    expect(new Set(posts.map(String)).size).toBe(1);
    expect(posts).toHaveLength(3);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test(
    'on a slow network the form says that it is busy, and goes out once however often it is clicked',
    slow,
    async () => {
      const phone = newPhone();
      const page = await open('/helper');
      const posts = postsOf(page);
      const devtools = await page.context().newCDPSession(page);
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 1_500,
        downloadThroughput: 6_000,
        uploadThroughput: 6_000,
      });
      await fill(page, phone);
      await send(page);
      await page.locator('form[aria-busy="true"]').waitFor();
      await page.getByRole('button', { name: 'Send' }).dblclick();
      await thanksOf(page);
      expect(posts).toHaveLength(1);
      expect(await page.locator('form[aria-busy]').count()).toBe(0);
      expect(await leadsOf(phone)).toHaveLength(1);
    },
  );

  test.each(['/helper-next', '/helper-plain', '/fenced'])(
    'the same words after the back button are the same lead, other words another (%s)',
    slow,
    async (path) => {
      const phone = newPhone();
      const page = await open(path);
      const posts = postsOf(page);
      for (const comment of ['Hello', 'Hello', 'Something else']) {
        await fill(page, phone);
        await page.getByLabel('Comment').fill(comment);
        await send(page);
        await page.waitForURL('**/thanks');
        await page.goBack();
        await page.waitForURL(`**${path}`);
      }
      const [first, second, third] = posts.map((body) => body.get('_key'));
      expect(second).toBe(first);
      expect(third).not.toBe(first);
      expect(await leadsOf(phone)).toHaveLength(2);
    },
  );

  test('a reload in the midst of an outage sends the same lead', slow, async () => {
    const phone = newPhone();
    const page = await open('/helper');
    const posts = postsOf(page);
    await page.route('**/f/callback', loseAnswer, { times: 1 });
    await fill(page, phone);
    await send(page);
    await page.waitForTimeout(300);
    await page.reload();
    await fill(page, phone);
    await send(page);
    await thanksOf(page);
    expect(new Set(posts.map((body) => body.get('_key'))).size).toBe(1);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('two tabs have a key each', slow, async () => {
    const [first, second] = [newPhone(), newPhone()];
    const page = await open('/helper');
    const other = await page.context().newPage();
    await other.goto('/helper');
    await Promise.all([fill(page, first), fill(other, second)]);
    await Promise.all([send(page), send(other)]);
    await Promise.all([thanksOf(page), thanksOf(other)]);
    expect([...(await leadsOf(first)), ...(await leadsOf(second))]).toHaveLength(2);
  });

  test('a form that the page puts in later is sent as well', slow, async () => {
    const phone = newPhone();
    const page = await open('/late');
    await fill(page, phone);
    await send(page);
    await thanksOf(page);
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('the page hears of everything, and may say it in its own words', slow, async () => {
    const page = await open('/own-words');
    const output = page.locator('output');
    await fill(page, '12');
    await send(page);
    await output.getByText('"error":"invalid_fields"').waitFor();
    expect(await output.textContent()).toContain('"code":"digits_missing"');
    await fill(page, newPhone());
    await send(page);
    await output.getByText(/^sent {"id":"[0-9a-f]{32}"}$/).waitFor();
    expect(await page.locator('[role=alert], [role=status]').count()).toBe(0);
  });

  test('where the page lets it fetch nothing, the form goes out by itself', slow, async () => {
    const phone = newPhone();
    const page = await open('/fenced');
    await fill(page, phone);
    await send(page);
    await page.getByRole('heading', { name: 'Thanks from Acme' }).waitFor();
    expect(await leadsOf(phone)).toHaveLength(1);
  });

  test('without JavaScript the same page works', slow, async () => {
    const phone = newPhone();
    const page = await open('/helper', { javaScriptEnabled: false });
    await fill(page, phone);
    await send(page);
    await page.getByRole('heading', { name: 'Thank you!' }).waitFor();
    expect(await leadsOf(phone)).toHaveLength(1);
  });
});

describe('what /ringback.js knows of a visit', () => {
  const attributionAfter = async (page: Page) => {
    const phone = newPhone();
    await fill(page, phone);
    await send(page);
    await thanksOf(page);
    return (await leadsOf(phone))[0]?.attribution;
  };

  test('is the first outside page, the landing page and the advert, over the pages of the site', slow, async () => {
    const page = await open(`${site.otherOrigin}/ads`);
    await page.getByRole('link').click();
    await page.getByRole('link', { name: 'Prices' }).click();
    expect(await attributionAfter(page)).toEqual({
      referrer: `${site.otherOrigin}/`,
      entry_point: `${site.origin}/visit?utm_source=ads&utm_campaign=peonies`,
      current_page: `${site.origin}/prices`,
      utm_source: 'ads',
      utm_campaign: 'peonies',
    });
  });

  test('a later advert takes the place of the earlier, whole', slow, async () => {
    const page = await open(`${site.otherOrigin}/ads`);
    await page.getByRole('link').click();
    // The first page has to have seen its visitor before the second comes.
    await page.waitForURL(`${site.origin}/**`);
    await page.goto('/prices?utm_source=mail');
    const attribution = await attributionAfter(page);
    expect(attribution).toMatchObject({ referrer: `${site.otherOrigin}/`, utm_source: 'mail' });
    expect(attribution).not.toHaveProperty('utm_campaign');
  });

  test('is of this page alone where the site allows no storage, and nothing is left behind', slow, async () => {
    const page = await open('/nothing-kept?utm_source=ads');
    await page.getByRole('link').click();
    expect(await attributionAfter(page)).toEqual({
      entry_point: `${site.origin}/helper`,
      current_page: `${site.origin}/helper`,
    });
    const kept = 'JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])';
    expect(await page.evaluate(kept)).toBe('["",{},{}]');
  });

  test('holds the ids that the counters gave the visitor', slow, async () => {
    const page = await open('/counters');
    const ids = { ga_client_id: '111.222', ym_client_id: '1700000000123456789', roistat_id: '42' };
    expect(await attributionAfter(page)).toMatchObject({ ...ids, calltouch_session_id: '777' });
    await page.goto('/counters?ct=abc');
    expect(await attributionAfter(page)).toMatchObject({ ...ids, calltouch_session_id: '12345678901' });
  });
});

describe('a form that wants to be filled in by a person', () => {
  test.each([
    ['at once is taken, and is spam', 0, 'spam'],
    ['in its time rings', 2_500, 'done'],
  ])('sent %s', slow, async (_case, ms, state) => {
    const phone = newPhone();
    const page = await open('/stamped');
    await fill(page, phone);
    await page.waitForTimeout(ms);
    await send(page);
    await thanksOf(page);
    await expect.poll(async () => (await leadsOf(phone, 'stamped')).map((lead) => lead.state)).toEqual([state]);
  });
});
