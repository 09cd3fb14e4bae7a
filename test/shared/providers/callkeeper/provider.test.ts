import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { send } from '#shared/http/send.ts';
import { callkeeper as provider } from '#shared/providers/callkeeper/provider.ts';
import { account, type Callkeeper, morning, order, startCallkeeper } from './set-up.ts';

let callkeeper: Callkeeper;
beforeEach(async () => {
  callkeeper = await startCallkeeper();
});
afterEach(() => callkeeper.close());

const window = { phone: order.phone, from: morning - 1_000, to: morning + 20_000 };

test('a placed call is the one that the list shows', async () => {
  const connection = callkeeper.connect();
  const placed = await connection.placeCall?.(order);
  expect(placed).toEqual({ providerId: '123456' });
  expect(callkeeper.simulator.calls()).toMatchObject([
    { client: '79161112233', text: 'Обратный звонок. acme.example. Анна. После шести & до семи' },
  ]);
  expect(await connection.findCalls?.(window)).toEqual([{ ...placed, phone: order.phone, orderedAt: morning }]);
});

test('the account’s manager takes the call', async () => {
  await callkeeper.connect(callkeeper.others.second).placeCall?.(order);
  expect(callkeeper.simulator.calls()).toMatchObject([{ account: 'second', manager: '74642512525^4342' }]);
});

test('outside its hours the call is deferred', async () => {
  const callAt = morning + 3_600_000;
  const hours = { timeZone: 'Europe/Moscow', open: '13001800' };
  await callkeeper.connect().placeCall?.({ ...order, callAt, hours });
  expect(callkeeper.simulator.calls()).toMatchObject([{ ringAt: callAt, status: '2/0' }]);
});

test('a disabled widget, with its status 710, and a host that is not let in are the account’s fault', async () => {
  const { disabled, guarded } = callkeeper.others;
  await expect(callkeeper.connect(disabled).placeCall?.(order)).rejects.toMatchObject({
    fault: 'account',
    status: 710,
  });
  await expect(callkeeper.connect(guarded).placeCall?.(order)).rejects.toMatchObject({ fault: 'account', status: 401 });
});

test('a number that cannot be rung is the lead’s fault', async () => {
  await expect(callkeeper.connect().placeCall?.({ ...order, phone: '+123' })).rejects.toMatchObject({ fault: 'lead' });
});

test('the check tells a good account from one with a wrong key, another host or no network', async () => {
  const check = (changes = {}) => callkeeper.connect(changes).check();
  expect(await check()).toEqual([
    { check: 'key', ok: true, message: 'CallKeeper knows the key' },
    { check: 'paid till', ok: true, message: 'paid till 2026-12-22' },
    { check: 'widget', ok: true, message: expect.stringContaining('compare whash or walias with the cabinet') },
  ]);
  expect(await check({ apiak: '0'.repeat(32) })).toEqual([
    { check: 'key', ok: false, message: expect.stringMatching(/^Unknown user: compare apiak /) },
  ]);
  expect(await check(callkeeper.others.guarded)).toEqual([
    { check: 'key', ok: false, message: expect.stringMatching(/^Unauthorized host!: authorise /) },
  ]);
  await callkeeper.close();
  expect(await check()).toEqual([{ check: 'key', ok: false, message: expect.stringMatching(/cannot be reached/) }]);
});

test('what it has left is what CallKeeper says of the account, as far as it says so', async () => {
  expect(await callkeeper.connect().readFunds?.()).toEqual({
    minutesLeft: null,
    paidTill: Date.parse('2026-12-22T09:00:00Z'),
  });
  const answering = async () => ({ status: 200, headers: {}, text: '[{"balance": "12.5", "paid_till": "soon"}]' });
  expect(await callkeeper.connect({}, answering).readFunds?.()).toEqual({ minutesLeft: 12.5, paidTill: null });
});

test.each([
  [{ paid_till: '2026-11-22', balance: '12.5' }, [true, true, true, true]],
  [{ paid_till: '2026-11-21', balance: 0 }, [true, false, false, true]],
  [{ paid_till: null }, [true, true]],
])('the check reads %j', async (user, oks) => {
  const answering = async () => ({ status: 200, headers: {}, text: JSON.stringify([user]) });
  const findings = await callkeeper.connect({}, answering).check();
  expect(findings.map(({ ok }) => ok)).toEqual(oks);
});

test('an account names its widget by whash or walias and its key by the name of a secret', () => {
  const { whash, ...bare } = { ...account, apiak: { secret: 'callkeeper-key' } };
  const problems = (input: unknown) =>
    provider.accountSchema.safeParse(input).error?.issues.map(({ path, message }) => `${path.join('.')} ${message}`);
  expect(problems({ ...bare, whash })).toBeUndefined();
  expect(problems({ ...bare, walias: 20879112, unique: 7, manager: 0 })).toBeUndefined();
  expect(problems(bare)).toEqual([' must name a widget: whash, walias or both']);
  expect(problems({ ...bare, whash, apiak: account.apiak })).toEqual([expect.stringMatching(/^apiak .*secret/)]);
  expect(problems({ ...bare, whash, manager: 'sales' })).toEqual([expect.stringMatching(/^manager /)]);
  expect(problems({ ...bare, whash, colour: 'blue' })).toHaveLength(1);
});

test('no key and no phone is in an address, nor in what is thrown', async () => {
  const urls: string[] = [];
  const connection = callkeeper.connect({}, (request) => {
    urls.push(request.url);
    return send(request);
  });
  await connection.placeCall?.(order);
  await connection.findCalls?.(window);
  await connection.check();
  callkeeper.orderFault('html', 'orderCall');
  const error = await connection.placeCall?.(order).catch((reason: Error) => reason);
  expect(urls).toHaveLength(4);
  expect(`${urls} ${inspect(error, { depth: 9, showHidden: true })}`).not.toMatch(/9161112233|eb2cee1b|Анна/);
});
