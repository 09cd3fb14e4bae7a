import { expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import type { ProviderCall } from '#shared/stats/call.ts';
import { hookPath } from '#shared/stats/hook-path.ts';
import { receiveWebhook } from '../../../functions/receive-webhook/receive-webhook.ts';

const config = parseConfig({
  accounts: {
    main: { provider: 'callkeeper', unique: 'acme', whash: 'w', apiak: { secret: 'a' } },
    crm: { provider: 'webhook', url: 'https://acme.example/hook', signingSecret: { secret: 'b' } },
  },
  forms: {},
});

/** Where hooks arrive, with what they brought and what was logged of them. */
function createDoor() {
  const reported: ProviderCall[] = [];
  const logged: unknown[] = [];
  const ports = {
    config,
    readKey: async () => 'the key',
    outcomes: {
      report: async (_provider: string, call: ProviderCall) => {
        reported.push(call);
        return 'lead-1';
      },
    },
    log: (...line: unknown[]) => void logged.push(line),
  };
  const receive = (path: string, fields: object) => {
    const [, , account, secret] = path.split('/');
    return receiveWebhook(
      {
        method: 'POST',
        path,
        pathParameters: { account, secret },
        query: new URLSearchParams(),
        headers: { 'content-type': 'application/json' },
        body: Buffer.from(JSON.stringify(fields)),
        address: '192.0.2.1',
      },
      ports,
    );
  };
  return { reported, logged, receive };
}

const news = { id: '4711', phone2: '79161112233', status_code: 200, status2_code: 200 };

test('news of a call is passed on, and of what it says nothing is logged', async () => {
  const { reported, logged, receive } = createDoor();
  expect(await receive(hookPath('main', 'the key'), news)).toEqual({ ok: true, lead: 'lead-1' });
  expect(reported).toMatchObject([{ callId: '4711', phone: '+79161112233' }]);
  expect(logged).toEqual([['hook received', { account: 'main', lead: 'lead-1' }, {}]]);
});

test('a status that nobody knows is counted', async () => {
  const { logged, receive } = createDoor();
  await receive(hookPath('main', 'the key'), { ...news, status_code: 999, status2_code: 1 });
  expect(logged).toEqual([['hook received', { account: 'main', lead: 'lead-1' }, { UnknownStatuses: 1 }]]);
});

test.each([
  ['of no call', { hello: 'world' }],
  ["with a number that is no provider's", { ...news, id: '4'.repeat(3_000) }],
])('a hook %s is taken and left alone', async (_what, fields) => {
  const { reported, receive } = createDoor();
  expect(await receive(hookPath('main', 'the key'), fields)).toEqual({ ok: true, ignored: true });
  expect(reported).toEqual([]);
});

test.each([
  ['made with another key', hookPath('main', 'another key')],
  ['of another account', hookPath('main', 'the key').replace('main', 'crm')],
  ['of an account that sends none', hookPath('crm', 'the key')],
  ['of no account', hookPath('constructor', 'the key')],
])('an address %s is not there', async (_what, path) => {
  const { reported, receive } = createDoor();
  await expect(receive(path, news)).rejects.toMatchObject({ status: 404 });
  expect(reported).toEqual([]);
});
