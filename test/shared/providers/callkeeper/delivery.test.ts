import { expect, test } from 'vitest';
import type { HttpRequest } from '#shared/http/send.ts';
import { createClient } from '#shared/providers/callkeeper/client.ts';
import { findCalls, placeCall, toOrderCall } from '#shared/providers/callkeeper/delivery.ts';
import type { Order } from '#shared/providers/provider.ts';

const now = Date.UTC(2026, 10, 22, 9, 0, 0, 400);

const order: Order = {
  leadId: 'a1b2c3',
  phone: '+79161112233',
  subject: 'Call me back',
  language: 'en',
  fields: {},
  attribution: {},
  visitor: {},
  createdAt: now,
};

/** A client whose provider gives this answer, and the requests that it got. */
function answering(answer: unknown, status = 200) {
  const requests: HttpRequest[] = [];
  const client = createClient(
    { unique: 'acme', apiak: 'key', walias: 'site' },
    {
      origin: 'https://callkeeper.example',
      send: async (request) => {
        requests.push(request);
        return { status, headers: {}, text: JSON.stringify(answer) };
      },
    },
  );
  return { client, requests };
}

test('a lead becomes an order with everything that CallKeeper has a place for', () => {
  const params = toOrderCall(
    {
      ...order,
      name: 'Anna',
      email: 'anna@mail.example',
      comment: 'after\n six',
      fields: { car: 'blue', sizes: ['s', 'm'] },
      site: 'acme.example',
      visitor: { address: '203.0.113.7', userAgent: 'Browser/1' },
      attribution: {
        utm_source: 'yandex',
        utm_medium: 'cpc',
        utm_campaign: 'autumn',
        utm_content: 'banner',
        utm_term: 'fence',
        referrer: 'https://yandex.ru/',
        entry_point: 'https://acme.example/',
        current_page: 'https://acme.example/fences',
        ga_client_id: '1.2',
        ym_client_id: '3',
        calltouch_session_id: '12345678901',
        roistat_id: '5',
      },
      callAt: Date.UTC(2026, 10, 22, 12, 0, 0, 1),
      hours: { timeZone: 'Europe/Moscow', open: '09001800' },
    },
    '1',
  );
  expect(params).toEqual({
    client: '79161112233',
    manager: '1',
    tool_name: 'Call me back',
    external_service_identifier: 'a1b2c3',
    text_to_manager: 'Call me back. acme.example. Anna. after six',
    info_to_manager: 'car: blue. sizes: s,m',
    site: 'acme.example',
    client_email: 'anna@mail.example',
    time_to_call: 1795348801,
    utc: 'Europe/Moscow',
    opening_hours: '09001800',
    ip_client: '203.0.113.7',
    user_agent: 'Browser/1',
    current_page: 'https://acme.example/fences',
    entry_point: 'https://acme.example/',
    referrer: 'https://yandex.ru/',
    utm_source: 'yandex',
    utm_medium: 'cpc',
    utm_campaign: 'autumn',
    utm_content: 'banner',
    utm_term: 'fence',
    ga_client_id: '1.2',
    calltouch_session_id: '12345678901',
    roistat_id: '5',
  });
});

test('what a lead lacks is left out', () => {
  expect(toOrderCall({ ...order, comment: '', attribution: { utm_source: '' } })).toEqual({
    client: '79161112233',
    tool_name: 'Call me back',
    external_service_identifier: 'a1b2c3',
    text_to_manager: 'Call me back',
  });
});

test('what the manager hears stays short and whole', () => {
  const { text_to_manager } = toOrderCall({ ...order, comment: '😀'.repeat(500) });
  expect([...String(text_to_manager)]).toHaveLength(300);
  expect(String(text_to_manager)).toMatch(/^Call me back\. (?:😀)+…$/u);
});

test('the order goes by POST with the keys in the body and none in the address', async () => {
  const { client, requests } = answering([{ id: 7, status: 'success' }]);
  await placeCall(client, order);
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://callkeeper.example/orderCall' });
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toMatchObject({
    unique: 'acme',
    apiak: 'key',
    walias: 'site',
    client: '79161112233',
  });
});

test.each([
  ['a number', [{ id: 7, status: 'success' }], '7'],
  ['text', [{ id: '7', status: 'success' }], '7'],
  ['longer than 2^53', [{ id: '98765432109876543210', status: 'success' }], '98765432109876543210'],
  ['under result', { result: [{ id: '7', status: 'success' }] }, '7'],
])('a call is placed when its entry says success and names it: %s', async (_, answer, providerId) => {
  expect(await placeCall(answering(answer).client, order)).toEqual({ providerId });
});

test.each([
  ['no entries', []],
  ['no id', [{ status: 'success' }]],
  ['an empty id', [{ id: '', status: 'success' }]],
  ['null for an id', [{ id: null, status: 'success' }]],
  ['no status', [{ id: '7' }]],
  ['no list', { id: '7', status: 'success' }],
  ['a number', 7],
  ['null', null],
])('a success without its proof is unknown: %s', async (_, answer) => {
  await expect(placeCall(answering(answer).client, order)).rejects.toMatchObject({
    name: 'ProviderError',
    fault: 'unknown',
  });
});

test.each([
  [{ id: '7', status: 'fail' }, 'account'],
  [{ id: '7', status: 'Success!' }, 'account'],
  [{ status: 'fail', reason: 'Phone not provided or invalid' }, 'lead'],
  [{ status: 'fail', reason: 'The widget is disabled' }, 'account'],
])('an entry with another status is a refusal: %j', async (entry, fault) => {
  await expect(placeCall(answering([entry]).client, order)).rejects.toMatchObject({ name: 'ProviderError', fault });
});

const record = (id: string, phone2: unknown, date: unknown) => ({ id, phone2, date });
const query = { phone: '+79161112233', from: now, to: now + 20_000 };

test('the list is asked for whole seconds around the window, in UTC and saying so', async () => {
  const { client, requests } = answering({ result: [] });
  expect(await findCalls(client, query)).toEqual([]);
  expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://callkeeper.example/getCallsInfo' });
  expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toEqual({
    api_key: 'key',
    'date[from]': '2026-11-22T09:00:00',
    'date[to]': '2026-11-22T09:00:21',
    time_zone: 'UTC',
  });
});

test('calls of this phone within the window are found, however the list writes its number', async () => {
  const { client } = answering([
    record('1', '79161112233', '2026-11-22 09:00:00'),
    record('2', 79161112233, '2026-11-22 09:00:10'),
    record('3', '8 (916) 111-22-33', '2026-11-22 09:00:20'),
    record('early', '79161112233', '2026-11-22 08:59:59'),
    record('late', '79161112233', '2026-11-22 09:00:21'),
    record('other', '79161112234', '2026-11-22 09:00:10'),
    record('nobody', null, '2026-11-22 09:00:10'),
  ]);
  const second = Date.UTC(2026, 10, 22, 9);
  expect(await findCalls(client, query)).toEqual([
    { providerId: '1', phone: '+79161112233', orderedAt: second },
    { providerId: '2', phone: '+79161112233', orderedAt: second + 10_000 },
    { providerId: '3', phone: '+79161112233', orderedAt: second + 20_000 },
  ]);
});

test('an 8 stands for the 7 of Russia only', async () => {
  const { client } = answering([record('1', '81312345678', '2026-11-22 09:00:10')]);
  expect(await findCalls(client, { ...query, phone: '+71312345678' })).toHaveLength(1);
  expect(await findCalls(client, { ...query, phone: '+81312345678' })).toHaveLength(1);
  expect(await findCalls(client, { ...query, phone: '+91312345678' })).toEqual([]);
});

test('a call of this phone without a time is not passed over in silence', async () => {
  const other = answering([record('1', '79990000000', 'soon')]);
  expect(await findCalls(other.client, query)).toEqual([]);
  const { client } = answering([record('1', '79161112233', 'soon')]);
  await expect(findCalls(client, query)).rejects.toMatchObject({ name: 'ProviderError', fault: 'unknown' });
});

test('a call that bears no id may be the one looked for, and one of another phone is not', async () => {
  const [other, own] = ['79990000000', '79161112233'].map((phone2) => ({ phone2, date: '2026-11-22 09:00:10' }));
  expect(await findCalls(answering([other]).client, query)).toEqual([]);
  for (const odd of [own, 7, { date: '2026-11-22 09:00:10' }]) {
    await expect(findCalls(answering([other, odd]).client, query)).rejects.toMatchObject({ fault: 'unknown' });
  }
});

test('a list that cannot be read is no empty list', async () => {
  await expect(findCalls(answering('none').client, query)).rejects.toMatchObject({ fault: 'unknown' });
  await expect(findCalls(answering([], 503).client, query)).rejects.toMatchObject({ fault: 'unknown', status: 503 });
});
