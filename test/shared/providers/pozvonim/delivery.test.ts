import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { order } from './connect.ts';
import { noon, type Pozvonim, startPozvonim } from './set-up.ts';

let service: Pozvonim;
beforeEach(async () => {
  service = await startPozvonim();
});
afterEach(() => service.close());

const minute = 60_000;
const inMoscow = { timezone: 'Europe/Moscow', api_enable: 1, api_key: 'key-of-seventeen' };

describe('a call', () => {
  test('rings the phone at once, and carries where the visitor came from', async () => {
    const placed = await service.connect({ siteId: '3002', region: 5 }).placeCall?.({
      ...order,
      attribution: {
        current_page: 'https://acme.example/окна?a=1&b=2',
        entry_point: 'https://acme.example/',
        referrer: 'https://ya.ru/?q=окна пвх',
        utm_source: 'yandex',
      },
      visitor: { address: '192.0.2.7', userAgent: 'Mozilla/5.0 (X11; Linux) ~*' },
      fields: { return_count: '4', color: 'red' },
    });
    const [call] = service.simulator.calls();
    expect(placed).toEqual({ providerId: call?.id });
    expect(call).toMatchObject({
      account: 'second',
      client: '79161112233',
      ringAt: noon,
      params: {
        phone: '79161112233',
        region: '5',
        source_call: 'https://acme.example/окна?a=1&b=2',
        source_enter: 'https://acme.example/',
        source_referer: 'https://ya.ru/?q=окна пвх',
        return_count: '4',
        ip: '192.0.2.7',
        useragent: 'Mozilla/5.0 (X11; Linux) ~*',
        site_id: '3002',
      },
    });
  });

  test('sends nothing that the lead lacks', async () => {
    await service.connect().placeCall?.({ ...order, fields: { return_count: 'many' } });
    expect(service.simulator.calls()[0]?.params).toEqual({ phone: '79161112233', site_id: '3001' });
  });

  test('rings later when the form was sent outside its hours', async () => {
    const callAt = noon + 20 * 60 * minute;
    await service.connect().placeCall?.({ ...order, callAt });
    expect(service.simulator.calls()[0]).toMatchObject({
      ringAt: callAt,
      params: { delayed: '2026-11-23T05:00:00+00:00' },
    });
  });
});

describe('finding calls', () => {
  const search = { phone: order.phone, from: noon - minute, to: noon + minute };

  test('gives those to this phone that were ordered in the window, to the second', async () => {
    const connection = service.connect();
    for (const now of [noon - 2 * minute, noon + 0.7, noon + 2 * minute]) {
      service.time.now = now;
      await connection.placeCall?.(order);
      await connection.placeCall?.({ ...order, phone: '+79161112244' });
    }
    const wanted = service.simulator
      .calls()
      .find(({ client, orderedAt }) => client === '79161112233' && orderedAt === noon + 0.7);
    const found = [{ providerId: wanted?.id, phone: order.phone, orderedAt: noon }];
    expect(await connection.findCalls?.(search)).toEqual(found);
    expect(await connection.findCalls?.({ ...search, from: noon + 0.6, to: noon + 0.8 })).toEqual(found);
    expect(await connection.findCalls?.({ ...search, phone: '+79161112255' })).toEqual([]);
  });

  test("reads times in the profile's zone, whichever that is", async () => {
    const connection = service.connect();
    await connection.placeCall?.(order);
    for (const timezone of ['Asia/Vladivostok', 'America/New_York']) {
      await connection.invoke('updateProfile', { ...inMoscow, timezone });
      expect(await connection.findCalls?.(search)).toMatchObject([{ orderedAt: noon }]);
    }
  });

  test('finds a deferred call by when it was ordered', async () => {
    const connection = service.connect();
    const { providerId } = (await connection.placeCall?.({ ...order, callAt: noon + 6 * 24 * 60 * minute })) ?? {};
    expect(await connection.findCalls?.(search)).toEqual([{ providerId, phone: order.phone, orderedAt: noon }]);
  });

  test('leaves out a call of an earlier order that rings in the window', async () => {
    service.time.now = noon - 60 * minute;
    await service.connect().placeCall?.({ ...order, callAt: noon });
    service.time.now = noon;
    expect(await service.connect().findCalls?.(search)).toEqual([]);
  });

  test('waits for a list that lags', async () => {
    const connection = service.connect();
    service.simulator.setListLag(30_000);
    await connection.placeCall?.(order);
    expect(await connection.findCalls?.(search)).toEqual([]);
    service.time.now += 30_000;
    expect(await connection.findCalls?.(search)).toHaveLength(1);
  });
});
