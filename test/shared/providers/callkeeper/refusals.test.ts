import { afterEach, beforeEach, expect, test } from 'vitest';
import { account, type Callkeeper, startCallkeeper } from './set-up.ts';

let callkeeper: Callkeeper;
beforeEach(async () => {
  callkeeper = await startCallkeeper();
});
afterEach(() => callkeeper.close());

/** Asks as any program could, without the client's own checks. */
async function ask(path: string, params: Record<string, string>, method = 'POST') {
  const body = new URLSearchParams(params);
  const response = await fetch(`${callkeeper.origin}/${path}`, { method, ...(method === 'POST' ? { body } : {}) });
  return [response.status, await response.json()];
}

const client = '79161112233';
const { unique, apiak, whash } = account;
const hex = '0'.repeat(32);
const keys = { unique, apiak, whash };
const statistics = { api_key: apiak, date: '' };

test.each([
  [400, "Key 'unique' is not defined!", 'orderCall', { apiak, whash, client }],
  [400, "Key 'apiak' is not defined!", 'orderCall', { unique, whash, client }],
  [400, "Key 'apiak' is not defined!", 'getCallsInfo', { date: '' }],
  [400, "Key 'whash' and 'walias' are not defined!", 'orderCall', { unique, apiak, client }],
  [400, "Key 'whash' and 'walias' are not defined!", 'deleteWidget', { apiak }],
  [400, "Key 'calls' is not defined!", 'makeCalls', keys],
  [401, 'Unauthorized host!', 'orderCall', { unique, apiak: 'c'.repeat(32), whash: 'e'.repeat(32), client }],
  [401, 'Unauthorized host!', 'getUserInfo', { api_key: 'c'.repeat(32) }],
  [403, 'Not the correct key api', 'orderCall', { ...keys, apiak: hex, client }],
  [404, 'Mismatched request!', 'orderCalls', { ...keys, client }],
  [406, 'Wrong data type!', 'makeCalls', { ...keys, calls: client }],
  [406, 'Wrong data type!', 'makeCalls', { ...keys, 'calls[0]': client }],
  [406, 'Wrong data type!', 'orderCall', { ...keys, client, opening_hours: '9-18' }],
  [406, 'Wrong data type!', 'orderCall', { ...keys, client, utc: 'Moscow' }],
  [406, 'Wrong data type!', 'orderCall', { ...keys, client, time_to_call: 'tomorrow' }],
  [406, 'Wrong data type!', 'getCallsInfo', { api_key: apiak, 'date[from]': 'yesterday' }],
  [406, 'Wrong data type!', 'getCallsInfo', { api_key: apiak, 'date[from]': '2026-01-01', time_zone: 'Moscow' }],
  [406, 'Date is not array', 'getCallsInfo', { ...statistics, date: '2017-05-01' }],
  [409, 'Not enough values', 'getCallsInfo', { api_key: apiak }],
  [409, 'Not enough values', 'getCallsByStatus', statistics],
  [409, 'Not enough values', 'getCallInfo', { api_key: apiak }],
  [409, 'Not enough values', 'tag', { apiak, tag: 'hot', call_id: '1' }],
  [409, 'Invalid manager or client phone number', 'orderCall', { ...keys, client: '7916' }],
  [409, 'Invalid manager or client phone number', 'orderCall', { ...keys, client: `${client}^12` }],
  [409, 'Invalid manager or client phone number', 'orderCall', { ...keys, client, manager: '7' }],
  [409, 'Invalid manager or client phone number', 'orderCall', { ...keys, client, manager: 'sales' }],
  [409, 'Phone not provided or invalid', 'orderCall', keys],
  [409, 'Phone not provided or invalid', 'createWidget', { apiak, phone: '12' }],
  [412, 'Unknown user', 'getUserInfo', { api_key: hex }],
  [
    417,
    'Apiak or Hash shorter or longer then was required or not hexadecimal',
    'orderCall',
    { ...keys, apiak: 'x', client },
  ],
  [
    417,
    'Apiak or Hash shorter or longer then was required or not hexadecimal',
    'orderCall',
    { ...keys, whash: 'x', client },
  ],
  [424, 'Wrong pair whash or walias and apiak!', 'orderCall', { ...keys, whash: hex, client }],
  [424, 'Wrong pair whash or walias and apiak!', 'orderCall', { unique, apiak, walias: 'nowhere', client }],
  [424, 'Wrong pair whash or walias and apiak!', 'deleteWidget', { apiak, whash: 'f'.repeat(32) }],
  [710, 'The widget is disabled', 'orderCall', { unique, apiak: 'd'.repeat(32), whash: 'f'.repeat(32), client }],
])('the simulator answers %i %s', async (status, reason, method, params) => {
  expect(await ask(method, params as unknown as Record<string, string>)).toEqual([status, { status: 'fail', reason }]);
  expect(callkeeper.simulator.calls()).toEqual([]);
});

test('the simulator answers 405 to other verbs', async () => {
  expect(await ask('orderCall', {}, 'PUT')).toEqual([405, { status: 'fail', reason: 'Unknown request method!' }]);
});
