import { afterEach, beforeEach, expect, test } from 'vitest';
import { methods } from '#shared/providers/callkeeper/client.ts';
import { account, type Callkeeper, morning, startCallkeeper } from './set-up.ts';

let callkeeper: Callkeeper;
beforeEach(async () => {
  callkeeper = await startCallkeeper();
});
afterEach(() => callkeeper.close());

const invoke = (method: string, params: Record<string, unknown> = {}) => callkeeper.connect().invoke(method, params);
const client = '79161112233';
const allTime = { date: '' };

async function ids(method: string, params: Record<string, unknown>) {
  const { result } = (await invoke(method, params)) as { result: { id: string }[] };
  return result.map(({ id }) => id);
}

test('the table names every documented method, its verb, path and what it requires', () => {
  expect(methods.map(({ name, verb, path, required }) => `${name} ${verb} ${path} ${required.join(' ')}`)).toEqual([
    'orderCall POST /orderCall client',
    'makeCalls POST /makeCalls calls',
    'getDoc GET /getDoc ',
    'getCallInfo POST /getCallInfo id_call',
    'getCallsInfo POST /getCallsInfo date',
    'getCallsCompleted POST /getCallsCompleted date',
    'getCallsByStatus POST /getCallsByStatus date statuses',
    'getUserInfo POST /getUserInfo ',
    'createWidget POST /createWidget phone',
    'deleteWidget POST /deleteWidget whash',
    'getT2C POST /getT2C date',
    'tag POST /tag tag call_id',
  ]);
});

test('orderCall orders a call with the account’s keys', async () => {
  expect(await invoke('orderCall', { client, site: 'acme.example' })).toEqual([
    { id: '123456', manager: '74950000000^_', client, status: 'success' },
  ]);
  expect(callkeeper.simulator.calls()).toMatchObject([{ account: 'main', client, params: { site: 'acme.example' } }]);
});

test('keys that are given stand in for the account’s', async () => {
  await invoke('orderCall', { client, walias: 'second-site' });
  expect(callkeeper.simulator.calls()).toMatchObject([{ account: 'second' }]);
  await expect(invoke('orderCall', { client, apiak: '0'.repeat(32) })).rejects.toThrow('Not the correct key api');
});

test('makeCalls orders several, with an office, an extension, a time and marks of their own', async () => {
  const answer = await invoke('makeCalls', {
    tool_name: 'Форма',
    calls: [
      { client, manager: 0, utm: { utm_source: 'yandex', entry_point: 'https://acme.example/?a=1&b=2' } },
      { client: '8 (916) 111-22-34', manager: '(+74642512525^4342)', text_to_manager: 'Из другой формы' },
      { client: '79161112235', manager: 1, time_to_call: morning / 1000 + 600 },
    ],
  });
  expect(answer).toEqual([
    { id: '123456', manager: '74950000000^_', client, status: 'success' },
    { id: '123457', manager: '74642512525^4342', client: '79161112234', status: 'success' },
    { id: '123458', manager: '74950000001^_', client: '79161112235', status: 'success' },
  ]);
  expect(callkeeper.simulator.calls()).toMatchObject([
    { params: { tool_name: 'Форма', utm_source: 'yandex', entry_point: 'https://acme.example/?a=1&b=2' } },
    { text: 'Из другой формы', status: '1/0' },
    { ringAt: morning + 600_000, status: '2/0', state: 'waiting' },
  ]);
});

test('of several calls each has its own answer, and only a refusal of all is an error', async () => {
  const bad = { client: '12' };
  const reason = 'Invalid manager or client phone number';
  expect(await invoke('makeCalls', { calls: [bad, { client }] })).toEqual([
    { status: 'fail', reason },
    expect.objectContaining({ id: '123456', status: 'success' }),
  ]);
  await expect(invoke('makeCalls', { calls: [bad, bad] })).rejects.toMatchObject({ message: reason, fault: 'lead' });
});

test('getDoc is the page as text', async () => {
  expect(await invoke('getDoc')).toMatch(/CallKeeper API/);
});

test.each([
  [401, '{"status":"fail","reason":"Unauthorized host!"}', 'Unauthorized host!', 'account'],
  [200, '{"status":"fail","reason":"Mismatched request!"}', 'Mismatched request!', 'account'],
  [200, '{"error_info":[{"reason":"Unknown user"}]}', 'Unknown user', 'account'],
  [710, '', 'The widget is disabled', 'account'],
  [404, '<h1>Not Found</h1>', 'HTTP 404 with an answer that cannot be read', 'unknown'],
])('a refusal in place of the page is no page: HTTP %i %s', async (status, text, message, fault) => {
  const answering = async () => ({ status, headers: {}, text });
  await expect(callkeeper.connect({}, answering).invoke('getDoc', {})).rejects.toMatchObject({ message, fault });
});

test('getCallInfo finds one call, and getCallsInfo those of a window in the zone that is named', async () => {
  await invoke('orderCall', { client });
  callkeeper.time.now += 60_000;
  await invoke('orderCall', { client: '79161112234' });
  expect(await ids('getCallInfo', { id_call: 123457 })).toEqual(['123457']);
  expect(await ids('getCallInfo', { id_call: '1' })).toEqual([]);
  expect(await ids('getCallsInfo', allTime)).toEqual(['123456', '123457']);
  const minute = { from: '2026-11-22T09:00:30', to: '2026-11-22T09:01:00' };
  expect(await ids('getCallsInfo', { date: minute })).toEqual(['123457']);
  const moscow = { from: '2026-11-22T12:00:00', to: '2026-11-22T12:00:30' };
  expect(await ids('getCallsInfo', { date: moscow, time_zone: 'Europe/Moscow' })).toEqual(['123456']);
  expect(await ids('getCallsInfo', { date: { from: '2026-11-22', to: '2026-11-22' } })).toHaveLength(2);
  expect(await ids('getCallsInfo', { date: { from: '2026-11-23' } })).toEqual([]);
});

test('a call goes from ringing to its end, and the lists say so', async () => {
  await invoke('orderCall', { client });
  await invoke('orderCall', { client: '79161112200' });
  expect(await ids('getCallsCompleted', allTime)).toEqual([]);
  expect(await ids('getCallsByStatus', { ...allTime, statuses: '1/0' })).toEqual(['123456', '123457']);
  callkeeper.time.now += 120_000;
  expect(await ids('getCallsCompleted', allTime)).toEqual(['123456', '123457']);
  expect(await ids('getCallsByStatus', { ...allTime, statuses: '200/487,200/486' })).toEqual(['123457']);
  expect(await invoke('getCallsByStatus', { ...allTime, statuses: '200/200' })).toMatchObject({
    result: [{ id: '123456', status_code: 200, status2_code: 200, duration2_sec: '43', phone2: client }],
  });
});

test('the lists know a call only after their lag', async () => {
  callkeeper.simulator.setListLag(10_000);
  await invoke('orderCall', { client });
  callkeeper.time.now += 9_999;
  expect(await ids('getCallsInfo', allTime)).toEqual([]);
  callkeeper.time.now += 1;
  expect(await ids('getCallsInfo', allTime)).toEqual(['123456']);
});

test('getUserInfo tells until when the account is paid', async () => {
  expect(await invoke('getUserInfo')).toEqual([{ paid_till: '2026-12-22T09:00:00.000Z' }]);
});

test('a widget that was created takes orders until it is deleted', async () => {
  const { whash } = (await invoke('createWidget', {
    phone: '89165554444',
    phoneadd: 2311,
    gmt: 'UTC+03:00',
    schedule: '09001800',
    emails: ['one@mail.example', 'two@mail.example'],
  })) as { whash: string };
  expect(await invoke('orderCall', { client, whash })).toMatchObject([{ manager: '79165554444^2311' }]);
  await invoke('deleteWidget', { whash });
  await expect(invoke('orderCall', { client, whash })).rejects.toThrow('Wrong pair whash or walias and apiak!');
});

test('getT2C lists a period', async () => {
  expect(await invoke('getT2C', { date: { from: '2017-06-05', to: '2017-07-01' } })).toEqual({ result: [] });
});

test('a tag stays on its call', async () => {
  await invoke('orderCall', { client });
  await invoke('tag', { tag: 'hot', call_id: 123456 });
  await invoke('tag', { tag: 'fence', call_id: 123456 });
  expect(await invoke('getCallInfo', { id_call: 123456 })).toMatchObject({ result: [{ tags: 'hot,fence' }] });
});

test('a missing or bad parameter is named before anything is sent', async () => {
  const unreached = callkeeper.connect({}, () => Promise.reject(new Error('it was sent')));
  for (const { name, required } of methods) {
    for (const field of required) {
      await expect(unreached.invoke(name, {})).rejects.toMatchObject({
        name: 'InvalidRequestError',
        message: expect.stringContaining(`${field} is required`),
      });
    }
  }
  await expect(unreached.invoke('orderCall', { client, opening_hours: '9-18' })).rejects.toThrow(
    /^orderCall: opening_hours /,
  );
});

test.each(['ring', 'toString', '__proto__'])('there is no method %s', async (method) => {
  await expect(invoke(method)).rejects.toMatchObject({ name: 'InvalidRequestError', code: 'unknown-method' });
});

test('the documents’ GET works at the simulator too', async () => {
  const query = new URLSearchParams({
    unique: 'acme',
    apiak: account.apiak,
    whash: account.whash,
    'calls[0][client]': client,
  });
  const response = await fetch(`${callkeeper.origin}/makeCalls?${query}`);
  expect(await response.json()).toMatchObject([{ client, status: 'success' }]);
});
