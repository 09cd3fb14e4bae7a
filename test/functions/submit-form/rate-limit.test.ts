import { describe, expect, test } from 'vitest';
import { createMemoryCounters } from '#shared/store/counters.ts';
import { createRateLimit } from '../../../functions/submit-form/rate-limit.ts';
import { asBrowser, asJson, createSite } from './fixture.ts';

const phone = '+79161234567';
const rateLimit = { requests: 3, perSeconds: 60 };
const lead = (number: number) => asJson({ phone, _key: `k-${number}` }, { 'accept-language': 'en' });

async function statusesOf(site: ReturnType<typeof createSite>, count: number, address = '203.0.113.7', from = 0) {
  const statuses = [];
  for (let number = from; number < from + count; number++) {
    statuses.push((await site.send({ ...lead(number), address })).status);
  }
  return statuses;
}

describe('what one address may send to one form', () => {
  test('is as much as the form says, and again when the time is over', async () => {
    const site = createSite({ rateLimit });
    site.time.now = Date.parse('2026-03-02T09:05:20.500Z');
    expect(await statusesOf(site, 5)).toEqual([202, 202, 202, 429, 429]);
    expect(site.leads()).toHaveLength(3);
    site.time.now += 39_500;
    expect(await statusesOf(site, 1, undefined, 3)).toEqual([202]);
  });

  test('has nothing to do with other addresses and other forms', async () => {
    const site = createSite({ rateLimit: { requests: 1, perSeconds: 60 } });
    expect(await statusesOf(site, 2)).toEqual([202, 429]);
    expect(await statusesOf(site, 1, '203.0.113.8', 2)).toEqual([202]);
    const { isFirst } = createRateLimit({ counters: createMemoryCounters(), clock: () => 0 });
    expect([isFirst('a', '203.0.113.7', rateLimit), isFirst('b', '203.0.113.7', rateLimit)]).toEqual([true, true]);
  });

  test('does not count the same form sent again', async () => {
    const site = createSite({ rateLimit });
    const statuses = [];
    for (let turn = 0; turn < 10; turn++) statuses.push((await site.send(lead(1))).status);
    expect(statuses).toEqual(Array(10).fill(202));
    expect(await statusesOf(site, 3, undefined, 2)).toEqual([202, 202, 429]);
  });

  test('counts what is mended without a key, for each writes', async () => {
    const site = createSite({ rateLimit });
    const statuses = [];
    for (let turn = 0; turn < 5; turn++)
      statuses.push((await site.send(asJson({ phone, comment: `turn ${turn}` }))).status);
    expect(statuses).toEqual([202, 202, 202, 429, 429]);
    expect(site.leads()).toMatchObject([{ comment: 'turn 2' }]);
  });

  test('lets a known key through although it is used up', async () => {
    const site = createSite({ rateLimit });
    expect(await statusesOf(site, 4)).toEqual([202, 202, 202, 429]);
    const again = await site.send(lead(0));
    expect({ status: again.status, replayed: again.headers['idempotency-replayed'] }).toEqual({
      status: 202,
      replayed: 'true',
    });
  });

  test('counts spam as well, and refuses it as it would a person', async () => {
    const site = createSite({ rateLimit });
    const spam = (number: number) => asJson({ phone, _gotcha: 'x', _key: `s-${number}` });
    const statuses = [];
    for (let number = 0; number < 4; number++) statuses.push((await site.send(spam(number))).status);
    expect(statuses).toEqual([202, 202, 202, 429]);
  });

  test('is one for the whole /64 of an IPv6 visitor, however it is written', async () => {
    const site = createSite({ rateLimit });
    const addresses = [
      '2001:db8:1:2::1',
      '2001:db8:1:2:3:4:5:6',
      '2001:db8:1:2:ffff::',
      '2001:db8:1:2::9',
      '2001:db8:1:3::1',
    ];
    const statuses = [];
    for (const [number, address] of addresses.entries())
      statuses.push((await site.send({ ...lead(number), address })).status);
    expect(statuses).toEqual([202, 202, 202, 429, 202]);
  });

  test('is by default enough for 100 at once under one key, even where none is stored yet', async () => {
    const site = createSite();
    const answers = await Promise.all(Array.from({ length: 100 }, () => site.send(lead(1))));
    expect(answers.map(({ status }) => status)).toEqual(Array(100).fill(202));
    expect(site.leads()).toHaveLength(1);
  });
});

describe('whoever has sent too many', () => {
  const full = async () => {
    const site = createSite({ rateLimit: { requests: 1, perSeconds: 60 } });
    site.time.now = Date.parse('2026-03-02T09:05:20.500Z');
    await site.send(lead(0));
    return site;
  };

  test('learns as a program when to come again', async () => {
    const { send } = await full();
    const { status, headers, json } = await send(lead(1));
    expect({ status, after: headers['retry-after'], json }).toEqual({
      status: 429,
      after: '40',
      json: {
        ok: false,
        error: 'too_many_requests',
        message: 'Too many requests have come from your address. Please try again in a minute.',
        errors: [],
      },
    });
  });

  test('gets as a person a page that keeps what was typed', async () => {
    const { send } = await full();
    const { status, headers, body } = await send(asBrowser({ phone, name: 'Anna', _key: 'k-1' }));
    expect({ status, after: headers['retry-after'] }).toEqual({ status: 429, after: '40' });
    expect(body).toContain('Too many requests have come from your address.');
    expect(body).toContain('value="Anna"');
  });
});

describe('what it costs', () => {
  test('a visitor who sends one form costs nothing, a crowd of them neither', async () => {
    const counters = createMemoryCounters();
    const limit = createRateLimit({ counters, clock: () => 0 });
    const firsts = Array.from({ length: 500 }, (_, number) => limit.isFirst('main', `198.51.100.${number}`, rateLimit));
    expect(new Set(firsts)).toEqual(new Set([true]));
    expect(counters.counts.size).toBe(0);
  });

  test('an address that has had enough costs no more writes', async () => {
    const counters = createMemoryCounters();
    let writes = 0;
    const add: typeof counters.add = (...parameters) => {
      writes += 1;
      return counters.add(...parameters);
    };
    const limit = createRateLimit({ counters: { add }, clock: () => 0 });
    limit.isFirst('main', 'a', rateLimit);
    for (let number = 0; number < 1_000; number++) await limit.count('main', 'a', rateLimit);
    expect(writes).toBe(3);
  });

  test('many processes together let pass one more each, no more', async () => {
    const counters = createMemoryCounters();
    let passed = 0;
    for (let process = 0; process < 5; process++) {
      const limit = createRateLimit({ counters, clock: () => 0 });
      for (let number = 0; number < 20; number++) {
        const isPassed =
          limit.isFirst('main', 'a', rateLimit) || (await limit.count('main', 'a', rateLimit)) === undefined;
        if (isPassed) passed += 1;
      }
    }
    expect(passed).toBeGreaterThanOrEqual(3);
    expect(passed).toBeLessThanOrEqual(3 + 4);
  });

  test('a process forgets the oldest of very many addresses', () => {
    const limit = createRateLimit({ counters: createMemoryCounters(), clock: () => 0 });
    for (let number = 0; number <= 10_000; number++) limit.isFirst('main', String(number), rateLimit);
    expect(limit.isFirst('main', '10000', rateLimit)).toBe(false);
    expect(limit.isFirst('main', '0', rateLimit)).toBe(true);
  });
});
