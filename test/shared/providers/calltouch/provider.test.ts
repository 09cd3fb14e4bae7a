import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { account, type Calltouch, startCalltouch } from './set-up.ts';

const configOf = (changes: Record<string, unknown>) => ({
  accounts: { ct: { provider: 'calltouch', siteId: 18990, ...changes } },
  forms: {},
});

describe('a Calltouch account in the config', () => {
  test('needs its site only; ids may be numbers', () => {
    const { accounts } = parseConfig(configOf({}));
    expect(accounts['ct']).toEqual({ provider: 'calltouch', siteId: '18990' });
    expect(calltouch.canTrack(accounts['ct'] ?? {})).toBe(true);
  });

  test.each([
    [{}, false],
    [{ apiToken: { secret: 'ct' } }, false],
    [{ routeKey: 'main' }, false],
    [{ apiToken: { secret: 'ct' }, routeKey: 'main' }, true],
  ])('%j rings phones: %s', (changes, rings) => {
    expect(calltouch.canCall({ siteId: '1', ...changes })).toBe(rings);
  });

  test('takes a token as a secret only', () => {
    expect(() => parseConfig(configOf({ apiToken: 'written-here' }))).toThrow('accounts.ct.apiToken: must be a secret');
    expect(() => parseConfig(configOf({ dailyPoints: 0 }))).toThrow('accounts.ct.dailyPoints');
  });
});

describe('a connection', () => {
  let service: Calltouch;
  beforeEach(async () => {
    service = await startCalltouch();
  });
  afterEach(() => service.close());

  test('offers calls only where the account has what they take', () => {
    const { apiToken: _, routeKey: __, ...site } = account;
    const always = ['check', 'invoke', 'prepare', 'trackLead'];
    expect(Object.keys(calltouch.connect(site, service.ports)).sort()).toEqual(always);
    expect(Object.keys(service.connect()).sort()).toEqual(
      [...always, 'findCalls', 'listCalls', 'listLeads', 'placeCall'].sort(),
    );
  });

  test('has no other methods than those in the list', async () => {
    expect(calltouch.methods.map(({ name }) => name)).toEqual(['register', 'callback', 'calls', 'requests']);
    await expect(service.connect().invoke('constructor', {})).rejects.toThrow('calltouch has no method "constructor"');
  });

  test('checks the token by a harmless read', async () => {
    expect(await service.connect().check()).toMatchObject([{ check: 'token', ok: true }]);
    expect(await service.connect({ apiToken: 'wrong' }).check()).toMatchObject([
      { check: 'token', ok: false, message: expect.stringContaining('compare siteId and apiToken') },
    ]);
    service.orderFault('error-before');
    expect(await service.connect().check()).toMatchObject([
      { ok: false, message: expect.stringContaining('CALLTOUCH_URL') },
    ]);
    expect(await service.registered()).toEqual([]);
  });

  test('says what a missing token means', async () => {
    const { apiToken: _, ...site } = account;
    const connection = calltouch.connect(site, service.ports);
    const journal = connection.invoke('calls', { dateFrom: '22/11/2026', dateTo: '22/11/2026' });
    await expect(journal).rejects.toMatchObject({ fault: 'account', message: 'the account has no apiToken' });
    expect(await connection.check()).toMatchObject([{ ok: true, message: expect.stringContaining('takes no token') }]);
  });
});
