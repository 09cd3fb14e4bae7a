import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClient } from '#shared/providers/pozvonim/client.ts';
import { methods } from '#shared/providers/pozvonim/methods.ts';
import type { Connection } from '#shared/providers/provider.ts';
import { createProviderPorts } from '../../../support/provider-ports.ts';
import { accounts, type Pozvonim, startPozvonim } from './set-up.ts';

let service: Pozvonim;
let connection: Connection;
beforeAll(async () => {
  service = await startPozvonim();
  connection = service.connect();
});
afterAll(() => service.close());

const invoke = (name: string, params: Record<string, unknown> = {}) =>
  connection.invoke(name, params) as Promise<Record<string, unknown>>;

const site = {
  site: { url: 'https://acme.example/?a=1&b=*~', report_analytic: true, notification_email: 'a+b@mail.example' },
  managers: [
    { phone: '74950000001', name: 'Иван' },
    { phone: '74950000002', name: "О'Хара (старший)" },
  ],
  widget: { timezone: 'Europe/Moscow', mobile_enable: 1, button: false },
  blacklists: { phone: '79990000000' },
};

describe('against the simulator, which checks every signature', () => {
  test('sites', async () => {
    const created = await invoke('createSite', site);
    expect(created).toMatchObject({
      site: { url: 'https://acme.example/?a=1&b=*~', report_analytic: '1', notification_email: 'a+b@mail.example' },
      managers: { 1: { name: "О'Хара (старший)" } },
      widget: { button: '0' },
    });
    const siteId = created['id'];
    expect(await invoke('getSite', { siteId })).toEqual(created);
    expect(await invoke('listSites', { ids: [siteId, 3001] })).toHaveLength(2);
    expect(await invoke('listSites')).toHaveLength(3);
    const renamed = { ...site, siteId, site: { url: 'https://new.example/' } };
    expect(await invoke('updateSite', renamed)).toMatchObject({ id: siteId, site: { url: 'https://new.example/' } });
    expect(await invoke('deleteSite', { siteId })).toBeNull();
    await expect(invoke('getSite', { siteId })).rejects.toThrow('SITE-NOT-FOUND');
  });

  test('widgets', async () => {
    const [widget] = (await connection.invoke('listWidgets', { sites_ids: [3002] })) as { id: number }[];
    expect(widget).toMatchObject({ site_id: 3002 });
    expect(await invoke('getWidget', { widgetId: widget?.id })).toEqual(widget);
  });

  test('calls', async () => {
    const { call_id: callId } = await invoke('call', { siteId: 3001, phone: '+7 (916) 111-22-33', return_count: 4 });
    const delayed = await invoke('delayedCall', {
      siteId: 3002,
      phone: '79161112299',
      delayed: '2026-11-23T10:00:00+03:00',
    });
    expect(await invoke('getCall', { callId })).toMatchObject({
      id: callId,
      client: '79161112233',
      details: { return_count: '4' },
    });
    expect(await invoke('listCalls', { ids: [delayed['call_id']] })).toMatchObject([
      { client: '79161112299', start_at: '2026-11-23 10:00:00', created_at: '2026-11-22 12:00:00' },
    ]);
    expect(await invoke('listCalls', { sites_ids: [3001], status_ids: [1] })).toMatchObject([{ id: callId }]);
    expect(await invoke('listCalls', { client: '79161112299' })).toMatchObject([{ id: delayed['call_id'] }]);
    expect(await invoke('listCalls', { start_at: '2026-11-22 00:00:00', end_at: '2026-11-22 23:59:59' })).toMatchObject(
      [{ id: callId }],
    );
  });

  test('time and profile', async () => {
    expect(await invoke('getServerTime')).toEqual({ time: '2026-11-22 12:00:00', timestamp: service.time.now / 1000 });
    const profile = { timezone: 'Asia/Omsk', api_enable: true, api_key: 'key-of-seventeen' };
    expect(await invoke('updateProfile', profile)).toMatchObject({ timezone: 'Asia/Omsk' });
    expect(await invoke('getProfile')).toMatchObject({ id: 17, timezone: 'Asia/Omsk', api_enable: 1 });
    await invoke('updateProfile', { ...profile, timezone: 'Europe/Moscow' });
  });

  test("a studio's contributors, their sites, calls and money", async () => {
    const { id: contributorId } = await invoke('createContributor', { email: 'a@mail.example', password: 'p&=%' });
    const withSite = await invoke('createContributorWithSite', { ...site, email: 'b@mail.example', password: 'p' });
    expect(await invoke('listContributors')).toHaveLength(2);
    expect(withSite).toMatchObject({ email: 'b@mail.example', site: { managers: { 0: { name: 'Иван' } } } });

    const { id: siteId } = await invoke('createContributorSite', { ...site, contributorId });
    const ids = { contributorId, siteId };
    expect(await invoke('getContributorSite', ids)).toMatchObject({ id: siteId });
    expect(await invoke('updateContributorSite', { ...site, ...ids, widget: { button: 1 } })).toMatchObject({
      widget: { button: '1' },
    });
    const { call_id: callId } = await invoke('call', { siteId, phone: '79161112255' });
    expect(await invoke('listContributorCalls', { contributorId })).toMatchObject([{ id: callId }]);
    expect(await invoke('getContributorCall', { contributorId, callId })).toMatchObject({ site_id: siteId });
    expect(await invoke('listContributorSites', { contributorId })).toHaveLength(1);
    expect(await invoke('deleteContributorSite', ids)).toBeNull();
    expect(await invoke('listContributorSites', { contributorId })).toEqual([]);

    await invoke('transferToContributor', { contributorId, type: 1, amount: 700 });
    await invoke('transferToContributorAlias', { contributorId, type: 2, amount: 50 });
    expect(await invoke('getContributor', { contributorId })).toMatchObject({ balance: 750 });
    const tooMuch = invoke('transferToContributor', { contributorId, type: 2, amount: 5_000 });
    await expect(tooMuch).rejects.toMatchObject({ fault: 'account', status: 402 });
  });

  test('a token by its own name', async () => {
    expect(await invoke('getToken')).toEqual({
      token: expect.stringMatching(/^[0-9a-f]{32}$/),
      expire: service.time.now / 1000 + 4 * 3600,
    });
  });

  test('left none of the methods out', () => {
    const called = new Set(service.requests);
    const patterns = methods.map(({ verb, path }) => `${verb} /v2u${path.replaceAll(/:\w+/g, '[0-9]+')}`);
    const missed = patterns.filter((pattern) => ![...called].some((line) => new RegExp(`^${pattern}$`).test(line)));
    expect(missed).toEqual([]);
  });
});

test('refuses what is missing before anything is sent', async () => {
  const before = service.requests.length;
  await expect(invoke('call', { siteId: 3001 })).rejects.toThrow('call: phone is required');
  await expect(invoke('call', { phone: '79161112233' })).rejects.toThrow('call: siteId is required');
  await expect(invoke('getSite', { siteId: '../profile' })).rejects.toThrow('siteId is required: an id of letters');
  await expect(invoke('createSite', { managers: [{}] })).rejects.toThrow(
    'site[url] is required; managers[0][phone] is required',
  );
  await expect(invoke('listEverything')).rejects.toMatchObject({ status: 404, code: 'unknown-method' });
  await expect(invoke('constructor')).rejects.toMatchObject({ status: 404 });
  expect(service.requests).toHaveLength(before);
});

test('refuses what the document does not list, with the nearest that it does', async () => {
  const before = service.requests.length;
  const call = { siteId: 3001, phone: '79161112233' };
  await expect(invoke('call', { ...call, source_refferer: 'https://ya.ru' })).rejects.toMatchObject({
    name: 'InvalidRequestError',
    message: expect.stringMatching(/^call: source_refferer is not listed, the nearest that are: source_referer, /),
  });
  await expect(invoke('call', { ...call, delayed: '2030-11-23T10:00:00+03:00' })).rejects.toThrow(
    'delayed is not listed',
  );
  const { uid, apiKey } = accounts.main;
  const client = createClient({ uid, apiKey }, createProviderPorts(service.origin, service.time));
  // @ts-expect-error: the types know what the method takes.
  await expect(client.call({ ...call, source: 'https://ya.ru' })).rejects.toThrow('source is not listed');
  // @ts-expect-error
  await expect(client.call({ siteId: 3001 })).rejects.toThrow('phone is required');
  const widget = { schelude: { monday: { form: 9 } } };
  await expect(invoke('updateSite', { ...site, siteId: 3001, widget })).rejects.toThrow(
    'widget[schelude][monday][form] is not listed, the nearest that are: widget[schelude][monday][from], ',
  );
  const managers = [{ phone: '74950000001' }, { phone: '74950000002', nam: 'x' }];
  await expect(invoke('createSite', { ...site, managers })).rejects.toThrow('managers[0][nam] is not listed');
  await expect(invoke('getProfile', { uid: 1 })).rejects.toThrow('uid is not listed, the method takes no parameters');
  await expect(invoke('getToken', { uid: 1 })).rejects.toThrow('uid is not listed');
  expect(service.requests).toHaveLength(before);
});

test('leaves the groups that are all defaults to Pozvonim', async () => {
  const { site: own, managers } = site;
  await expect(invoke('createSite', { site: own, managers })).rejects.toThrow('widget: is required');
});
