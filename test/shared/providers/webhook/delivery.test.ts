import { createServer, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import type { Order, ProviderPorts } from '#shared/providers/provider.ts';
import { webhook } from '#shared/providers/webhook/provider.ts';
import { readKey, sign } from '#shared/providers/webhook/sign.ts';
import { serveSimulator } from '../../../../infra/local/simulators/serve.ts';
import { createWebhookSimulator } from '../../../../infra/local/simulators/webhook.ts';
import { listen } from '../../../support/listen.ts';

const now = Date.UTC(2026, 10, 22, 9);
const signingSecret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

const order: Order = {
  leadId: 'lead-1',
  phone: '+79205550055',
  name: 'Вася',
  subject: 'Моя форма',
  language: 'ru',
  fields: { color: 'red', sizes: ['s', 'm'] },
  attribution: { utm_source: 'yandex' },
  visitor: { address: '198.51.100.7' },
  site: 'acme.example',
  createdAt: now,
  hours: { timeZone: 'Europe/Moscow', open: '09001800' },
};

const unused = () => Promise.reject(new Error('a webhook has no use for this'));
const ports: ProviderPorts = {
  send: unused,
  clock: () => now,
  newNonce: () => 'nonce',
  wait: unused,
  tokens: { get: unused },
  pace: { reserve: unused, takePoints: unused, givePointsBack: unused },
  origin: '',
};

let simulator: ReturnType<typeof createWebhookSimulator>;
let service: ReturnType<typeof serveSimulator>;
let receiver: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  simulator = createWebhookSimulator({ accounts: { crm: { signingSecret } }, clock: () => now });
  service = serveSimulator(simulator);
  receiver = await listen(service.server);
});
afterEach(() => receiver.close());

const connect = (changes: Record<string, unknown> = {}, allowLoopback = true) =>
  webhook.connect(
    { provider: 'webhook', url: `${receiver.origin}/leads`, signingSecret, ...changes },
    { ...ports, allowLoopback },
  );

describe('a lead handed to a webhook', () => {
  test('arrives signed, as JSON, with all that it has', async () => {
    expect(await connect().trackLead?.(order)).toEqual({ providerId: 'lead-1-track' });
    const { leadId: id, createdAt: _, hours: __, ...lead } = order;
    const body = { ...lead, id, createdAt: '2026-11-22T09:00:00.000Z' };
    expect(simulator.received).toEqual([{ id: 'lead-1-track', account: 'crm', body }]);
  });

  test('arrives as a form where the account says so, signed all the same', async () => {
    const requests: { headers: IncomingHttpHeaders; body: string }[] = [];
    const crm = await listen(
      createServer(async (request, response) => {
        requests.push({ headers: request.headers, body: await text(request) });
        response.end();
      }),
    );
    await connect({ url: crm.origin, format: 'form' }).trackLead?.(order);
    await crm.close();
    const [{ headers, body } = { headers: {}, body: '' }] = requests;
    expect(headers).toMatchObject({
      'content-type': 'application/x-www-form-urlencoded',
      ...sign(readKey(signingSecret), 'lead-1-track', now, body),
    });
    const fields = new URLSearchParams(body);
    expect([fields.get('id'), fields.get('phone')]).toEqual(['lead-1', '+79205550055']);
    expect([fields.get('attribution[utm_source]'), fields.get('fields[sizes][1]')]).toEqual(['yandex', 'm']);
  });

  test('is the same message when it is sent again', async () => {
    service.order('error-after');
    await expect(connect().trackLead?.(order)).rejects.toMatchObject({ fault: 'unknown', status: 502 });
    await connect().trackLead?.(order);
    expect(simulator.received).toHaveLength(1);
  });

  test('signed with another secret is refused, which is for the owner to mend', async () => {
    const track = connect({ signingSecret: 'another' }).trackLead?.(order);
    await expect(track).rejects.toMatchObject({ provider: 'webhook', fault: 'account', status: 401 });
    expect(simulator.received).toEqual([]);
  });

  test.each(['https://192.168.0.1/', 'https://169.254.169.254/', 'https://[fd00::1]/'])(
    'does not go to %s, not even where the loopback may be tried',
    async (url) => {
      await expect(connect({ url }).trackLead?.(order)).rejects.toMatchObject({
        fault: 'account',
        message: 'the host is not on the public internet',
      });
    },
  );

  test('does not go to the loopback unless the host allows it', async () => {
    const track = connect({}, false).trackLead?.(order);
    await expect(track).rejects.toMatchObject({
      name: 'ProviderError',
      fault: 'account',
      message: 'the host is not on the public internet',
    });
    expect(simulator.received).toEqual([]);
  });
});

describe('a webhook account', () => {
  const urlOf = (url: string) => () =>
    parseConfig({ accounts: { crm: { provider: 'webhook', url, signingSecret: { secret: 'crm' } } }, forms: {} });

  test.each(['https://crm.example/hook?a=1', 'http://127.0.0.1:4000/', 'http://localhost:4000/', 'http://[::1]:4000/'])(
    'may be at %s',
    (url) => {
      expect(urlOf(url)().accounts['crm']).toMatchObject({ url });
    },
  );

  test.each([
    'http://crm.example/',
    'http://127.0.0.1.crm.example/',
    'ftp://crm.example/',
    'crm.example',
    'https://user:word@crm.example/',
    'http://user@localhost/',
  ])('may not be at %s', (url) => {
    expect(urlOf(url)).toThrow('accounts.crm.url: must be an https:// address');
  });

  test('takes copies and rings nobody', () => {
    expect(webhook.canTrack({})).toBe(true);
    expect(webhook.canCall({})).toBe(false);
    expect(connect().placeCall).toBeUndefined();
  });

  test('is checked by its name alone', async () => {
    expect(await connect().check()).toMatchObject([{ check: 'address', ok: true }]);
    expect(await connect({}, false).check()).toMatchObject([
      {
        ok: false,
        message: '127.0.0.1 is not on the public internet, so nothing will be sent there: name a public address',
      },
    ]);
    expect(await connect({ url: 'https://no-such-name.invalid/' }).check()).toMatchObject([
      { ok: false, message: expect.stringContaining('no-such-name.invalid is not found') },
    ]);
    expect(simulator.received).toEqual([]);
  });

  test('can be sent a message by hand', async () => {
    expect(await connect().invoke('deliver', { hello: 'receiver' })).toEqual({ id: 'nonce' });
    expect(simulator.received).toEqual([{ id: 'nonce', account: 'crm', body: { hello: 'receiver' } }]);
    await expect(connect().invoke('toString', {})).rejects.toThrow('webhook has no method "toString"');
  });
});
