import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { listen } from '../../../support/listen.ts';
import { account, type Calltouch, noon, order, startCalltouch } from './set-up.ts';

let service: Calltouch;
beforeEach(async () => {
  service = await startCalltouch();
});
afterEach(() => service.close());

describe('a callback', () => {
  test('rings the phone, and carries what is known of the visitor', async () => {
    const attribution = {
      utm_source: 'yandex',
      utm_medium: 'cpc',
      utm_campaign: 'spring',
      utm_content: 'a',
      utm_term: 'b',
      current_page: 'https://acme.example/',
      calltouch_session_id: '18454613670',
    };
    const placed = await service
      .connect()
      .placeCall?.({ ...order, attribution, fields: { Модель: 'X', tags: ['окна', 'двери'] } });
    const [call] = service.simulator.calls();
    expect(placed).toEqual({ providerId: call?.id });
    expect(call).toMatchObject({
      client: '79205550055',
      ringAt: call?.orderedAt,
      text: 'Форма: Моя форма. Имя: Вася. Почта: vasya@mail.example. Комментарий: Перезвоните & скажите цену. Модель: X',
      params: {
        utmSource: 'yandex',
        utmMedium: 'cpc',
        utmCampaign: 'spring',
        utmContent: 'a',
        utmTerm: 'b',
        callUrl: 'https://acme.example/',
        sessionId: '18454613670',
        tags: 'окна,двери',
      },
    });
  });

  test('is sent with the token in a header, never in the address', async () => {
    const seen: unknown[] = [];
    const server = await listen(
      createServer(({ url, headers }, response) => {
        seen.push({ url, token: headers['access-token'] });
        response.end('{"data": {"widgetRequestId": 90071992547409931}}');
      }),
    );
    const placed = await calltouch.connect(account, { ...service.ports, origin: server.origin }).placeCall?.(order);
    await server.close();
    expect(placed).toEqual({ providerId: '90071992547409931' });
    expect(seen).toEqual([{ url: '/widget-service/v1/api/widget-request/user-form/create', token: 'token-of-18990' }]);
  });

  test('comes later when the form was sent outside its hours, in Moscow’s time', async () => {
    await service.connect().placeCall?.({ ...order, callAt: noon + 21 * 3_600_000 });
    const [call] = service.simulator.calls();
    expect(call).toMatchObject({ ringAt: noon + 21 * 3_600_000, params: { scheduleTime: '2026-11-23 09:00:00' } });
  });

  test('is found again by its phone once the list has caught up', async () => {
    service.simulator.setListLag(60_000);
    const connection = service.connect();
    await connection.placeCall?.(order);
    await connection.placeCall?.({ ...order, phone: '+79205550066' });
    const query = { phone: order.phone, from: noon, to: noon + 600_000 };
    expect(await connection.findCalls?.(query)).toEqual([]);
    service.time.now += 61_000;
    const [call] = service.simulator.calls();
    const found = {
      providerId: call?.id,
      phone: order.phone,
      orderedAt: Math.floor((call?.ringAt ?? 0) / 1000) * 1000,
    };
    expect(await connection.findCalls?.(query)).toEqual([found]);
    expect(await connection.findCalls?.({ ...query, from: noon + 300_000 })).toEqual([]);
  });

  test.each([
    ['a wrong token', { apiToken: 'wrong' }, {}, 'account'],
    ['a widget that is not there', { routeKey: 'gone' }, {}, 'account'],
    ['a number that cannot be rung', {}, { phone: '+12025550123' }, 'lead'],
    ['a number of 12 digits', {}, { phone: '+375291234567' }, 'lead'],
  ])('%s proves that no phone rings', async (_what, changes, orderChanges, fault) => {
    const placed = service.connect(changes).placeCall?.({ ...order, ...orderChanges });
    await expect(placed).rejects.toMatchObject({ provider: 'calltouch', fault });
    expect(service.simulator.calls()).toEqual([]);
  });

  test.each([
    ['an error code that is not documented', 400, '{"data": {"apiErrorData": {"errorCode": 10099}}}'],
    ['an error code beside HTTP 200', 200, '{"data": {"apiErrorData": {"errorCode": "10099"}}}'],
    ['no widgetRequestId', 200, '{"data": {}}'],
    ['an empty widgetRequestId', 200, '{"data": {"widgetRequestId": ""}}'],
    ['HTTP 400 without a word', 400, ''],
  ])('%s leaves it open too', async (_what, status, body) => {
    const server = await listen(
      createServer(async (request, response) => {
        await text(request);
        response.writeHead(status).end(body);
      }),
    );
    const connection = calltouch.connect(account, { ...service.ports, origin: server.origin });
    await expect(connection.placeCall?.(order)).rejects.toMatchObject({ fault: 'unknown', status });
    await server.close();
  });

  test('a session that is no number stays behind, and the phone rings', async () => {
    await service.connect().placeCall?.({ ...order, attribution: { calltouch_session_id: 'undefined' } });
    expect(service.simulator.calls()).toMatchObject([
      { params: expect.not.objectContaining({ sessionId: expect.anything() }) },
    ]);
  });

  test('what does not pass the validation proves that no phone rings', async () => {
    const invoked = service.connect().invoke('callback', { phone: '79205550055', scheduleTime: 'tomorrow' });
    await expect(invoked).rejects.toMatchObject({ name: 'ProviderError', fault: 'lead' });
    expect(service.simulator.calls()).toEqual([]);
  });

  test('a number can be rung by hand with the provider’s own names', async () => {
    const params = { phone: '8 920 555-00-55', fields: [{ name: 'Имя', value: 'Вася' }] };
    const answer = await service.connect().invoke('callback', params);
    expect(answer).toMatchObject({ data: { widgetRequestId: expect.stringMatching(/^\d+$/) } });
    await expect(service.connect().invoke('callback', {})).rejects.toThrow('callback: phone is required');
  });
});
