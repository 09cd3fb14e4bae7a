import { afterAll, beforeAll, expect, test } from 'vitest';
import { providers as registered } from '#shared/providers/registry.ts';
import { simulators } from '../../infra/local/simulators/registry.ts';
import { hidden, type Providers, run, startProviders } from './set-up.ts';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders();
});
afterAll(() => providers.close());

const called = new Set<string>();

/** The parsed result of a call that has to succeed. */
async function call(account: string, method: string, params: Record<string, unknown> = {}) {
  const { code, stdout, stderr } = await run(
    ['call', account, method, '--json', JSON.stringify(params)],
    providers.env,
  );
  expect({ method, code, stderr }).toEqual({ method, code: 0, stderr: '' });
  for (const secret of hidden) expect(stdout).not.toContain(secret);
  called.add(`${account} ${method}`);
  return JSON.parse(stdout);
}

const phone = '79161112233';

test('CallKeeper', async () => {
  const [{ id }] = await call('main', 'orderCall', { client: phone });
  const ordered = await call('main', 'makeCalls', { calls: [{ client: '79161112234' }, { client: '79161112235' }] });
  expect(ordered).toMatchObject([{ status: 'success' }, { status: 'success' }]);
  expect(await call('main', 'getDoc')).toContain('CallKeeper API');
  await call('main', 'tag', { tag: 'hot', call_id: id });
  expect(await call('main', 'getCallInfo', { id_call: id })).toMatchObject({ result: [{ id, tags: 'hot' }] });
  expect((await call('main', 'getCallsInfo', { date: '' })).result).toHaveLength(3);
  expect(await call('main', 'getCallsCompleted', { date: '' })).toEqual({ result: [] });
  expect((await call('main', 'getCallsByStatus', { date: '', statuses: '1/0' })).result).toHaveLength(3);
  expect(await call('main', 'getUserInfo')).toMatchObject([{ paid_till: expect.any(String) }]);
  const { whash } = await call('main', 'createWidget', { phone: '74951112233' });
  await call('main', 'orderCall', { client: phone, whash });
  await call('main', 'deleteWidget', { whash });
  expect(await call('main', 'getT2C', { date: { from: '2017-06-05' } })).toEqual({ result: [] });
});

test('Calltouch', async () => {
  const { requestId } = await call('touch', 'register', { phoneNumber: phone, subject: 'Fences' });
  expect(requestId).toBeDefined();
  expect((await call('touch', 'callback', { phone })).data.widgetRequestId).toBeDefined();
  const [year, month, day] = new Date(Date.now() + 3 * 3_600_000).toISOString().slice(0, 10).split('-');
  const [dayFirst, monthFirst] = [`${day}/${month}/${year}`, `${month}/${day}/${year}`];
  expect(await call('touch', 'calls', { dateFrom: dayFirst, dateTo: dayFirst })).toBeDefined();
  const requests = await call('touch', 'requests', { dateFrom: monthFirst, dateTo: monthFirst });
  expect(requests.map((request: { requestId: unknown }) => String(request.requestId))).toContain(String(requestId));
});

const site = {
  site: { url: 'https://acme.example/' },
  managers: [{ phone: '74950000001' }],
  widget: { timezone: 'Europe/Moscow' },
  blacklists: { phone: '79990000000' },
};

test('Pozvonim: an owner', async () => {
  expect(await call('pozvonim', 'getToken')).toMatchObject({ token: expect.any(String) });
  expect(await call('pozvonim', 'getServerTime')).toMatchObject({ timestamp: expect.any(Number) });
  const { id: siteId } = await call('pozvonim', 'createSite', site);
  expect(await call('pozvonim', 'getSite', { siteId })).toMatchObject({ id: siteId });
  await call('pozvonim', 'updateSite', { ...site, siteId, site: { url: 'https://new.example/' } });
  expect(await call('pozvonim', 'listSites')).toHaveLength(2);
  const [{ id: widgetId }] = await call('pozvonim', 'listWidgets', { sites_ids: [siteId] });
  expect(await call('pozvonim', 'getWidget', { widgetId })).toMatchObject({ site_id: siteId });
  const { call_id: callId } = await call('pozvonim', 'call', { siteId, phone });
  await call('pozvonim', 'delayedCall', { siteId, phone, delayed: '2030-11-23T10:00:00+03:00' });
  expect(await call('pozvonim', 'getCall', { callId })).toMatchObject({ client: phone });
  expect(await call('pozvonim', 'listCalls')).toHaveLength(2);
  expect(await call('pozvonim', 'deleteSite', { siteId })).toBeNull();
  const profile = await call('pozvonim', 'getProfile');
  const key = providers.env['RINGBACK_SECRET_POZVONIM_KEY'];
  await call('pozvonim', 'updateProfile', { timezone: profile.timezone, api_enable: true, api_key: key });
});

test('Pozvonim: a studio', async () => {
  const { id: contributorId } = await call('pozvonim', 'createContributor', { email: 'a@b.example', password: 'p' });
  await call('pozvonim', 'createContributorWithSite', { ...site, email: 'c@d.example', password: 'p' });
  expect(await call('pozvonim', 'listContributors')).toHaveLength(2);
  const { id: siteId } = await call('pozvonim', 'createContributorSite', { ...site, contributorId });
  const ids = { contributorId, siteId };
  expect(await call('pozvonim', 'getContributorSite', ids)).toMatchObject({ id: siteId });
  await call('pozvonim', 'updateContributorSite', { ...site, ...ids });
  expect(await call('pozvonim', 'listContributorSites', { contributorId })).toHaveLength(1);
  const { call_id: callId } = await call('pozvonim', 'call', { siteId, phone });
  expect(await call('pozvonim', 'listContributorCalls', { contributorId })).toMatchObject([{ id: callId }]);
  expect(await call('pozvonim', 'getContributorCall', { contributorId, callId })).toMatchObject({ site_id: siteId });
  await call('pozvonim', 'transferToContributor', { contributorId, type: 1, amount: 700 });
  await call('pozvonim', 'transferToContributorAlias', { contributorId, type: 2, amount: 50 });
  expect(await call('pozvonim', 'getContributor', { contributorId })).toMatchObject({ balance: 750 });
  expect(await call('pozvonim', 'deleteContributorSite', ids)).toBeNull();
});

test('nothing was left out', () => {
  const accounts: Record<string, string> = { callkeeper: 'main', calltouch: 'touch', pozvonim: 'pozvonim' };
  const withOrigin = registered.filter(({ origin }) => origin !== undefined);
  const all = withOrigin.flatMap(({ name, methods }) => methods.map((method) => `${accounts[name]} ${method.name}`));
  expect(all.filter((line) => !called.has(line))).toEqual([]);
});

test('without a variable no provider with a host of its own is asked in earnest: each has a simulator', () => {
  const withOrigin = registered.filter(({ origin }) => origin !== undefined);
  expect(withOrigin.filter(({ name }) => !Object.hasOwn(simulators, name))).toEqual([]);
});
