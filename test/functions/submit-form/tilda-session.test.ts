import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSite } from './fixture.ts';

type Sent = { headers: Record<string, string>; body: string };
type Recorded = Partial<Sent> & { sameAs?: number; afterMs?: number };

const file = new URL('../../vectors/tilda-session.json', import.meta.url);
const { requests } = JSON.parse(readFileSync(file, 'utf8')) as { requests: Recorded[] };
const resolved = requests.map((request) => ({ ...(requests[request.sameAs ?? -1] ?? {}), ...request }));

/** Plays the session; resolves with the answers in order. */
async function play(site: ReturnType<typeof createSite>) {
  const answers = [];
  for (const { headers, body, afterMs = 0 } of resolved as (Sent & Recorded)[]) {
    site.time.now += afterMs;
    answers.push(await site.send({ headers, body, address: '185.215.4.10' }));
  }
  return answers;
}

test("a session of Tilda's webhook is one lead, with its advert and the session of call tracking", async () => {
  const site = createSite();
  const answers = await play(site);
  expect(answers.map(({ status, body }) => ({ status, body }))).toEqual(Array(4).fill({ status: 200, body: 'ok' }));
  expect(site.leads()).toMatchObject([
    {
      phone: '+79161234567',
      name: 'Анна',
      comment: 'После 18',
      key: { source: 'tilda' },
      fields: { tranid: '8123456:5467882931', formid: 'form712345678', formname: 'Cart' },
    },
  ]);
  expect(site.leads()[0]?.attribution).toEqual({
    utm_source: 'yandex',
    utm_medium: 'cpc',
    utm_campaign: 'пионы',
    calltouch_session_id: '12345678901',
    ga_client_id: '1122334455.1700000000',
    ym_client_id: '1700000000123456789',
  });
  expect(site.nudges).toHaveLength(2);
});

test('and so it is where the first answer was a crash of ours', async () => {
  let isDown = true;
  const site = createSite();
  const flaky = createSite(
    {},
    {
      leads: {
        get: site.store.get,
        change: site.store.change,
        create: async (lead) => {
          if (!isDown) return site.store.create(lead);
          isDown = false;
          throw new Error('the table is away');
        },
      },
    },
  );
  const statuses = (await play(flaky)).map(({ status }) => status);
  expect(statuses).toEqual([200, 500, 200, 200]);
  expect(site.leads()).toMatchObject([{ phone: '+79161234567', attribution: { utm_source: 'yandex' } }]);
});
