import { afterEach, beforeEach, expect, test } from 'vitest';
import { order } from './connect.ts';
import { type Pozvonim, startPozvonim } from './set-up.ts';

const hour = 3_600_000;

let service: Pozvonim;
beforeEach(async () => {
  service = await startPozvonim();
});
afterEach(() => service.close());

const tokensFetched = () => service.requests.filter((line) => line.endsWith('/auth/token')).length;

test('one token serves all functions for close to four hours', async () => {
  await service.connect().invoke('getProfile', {});
  await service.connect({ siteId: '3002' }).invoke('getProfile', {});
  service.time.now += 4 * hour - 5 * 60_000 - 1;
  await service.connect().invoke('getProfile', {});
  expect(tokensFetched()).toBe(1);
  service.time.now += 1;
  await service.connect().invoke('getProfile', {});
  expect(tokensFetched()).toBe(2);
});

test('functions that start at once fetch one token, and every call is placed', async () => {
  const placed = await Promise.all([1, 2, 3, 4, 5].map(() => service.connect().placeCall?.(order)));
  expect(new Set(placed.map((call) => call?.providerId)).size).toBe(5);
  expect(tokensFetched()).toBe(1);
});

test('a revoked token is renewed once, by one of all who meet the refusal', async () => {
  await service.connect().invoke('getProfile', {});
  service.simulator.revokeTokens();
  await Promise.all([1, 2, 3].map(() => service.connect().placeCall?.(order)));
  expect(tokensFetched()).toBe(2);
  expect(service.simulator.calls()).toHaveLength(3);
});

test('what is refused with a fresh token too is not tried a third time', async () => {
  await service.connect().invoke('updateSite', blacklisting(order.phone));
  service.requests.length = 0;
  await expect(service.connect().placeCall?.(order)).rejects.toMatchObject({ status: 403 });
  expect(service.requests).toEqual(['POST /v2u/sites/3001/call', 'GET /v2u/auth/token', 'POST /v2u/sites/3001/call']);
});

test('each uid has a token of its own', async () => {
  await service.connect().invoke('getProfile', {});
  const other = service.connect({ uid: '18', apiKey: 'key-of-eighteen', siteId: '4001' });
  expect(await other.invoke('getProfile', {})).toMatchObject({ id: 18 });
  expect(tokensFetched()).toBe(2);
});

test('a wrong key is the fault of the account', async () => {
  await expect(service.connect({ apiKey: 'wrong' }).placeCall?.(order)).rejects.toMatchObject({
    fault: 'account',
    message: 'no token: HTTP 403, AUTH-SIGN-INVALID: The sign does not fit the parameters',
  });
});

test.each(['hang-before', 'hang-after', 'reset-before', 'reset-after', 'error-before', 'html', 'too-many'] as const)(
  'without a token nothing is placed, so that %s passes',
  async (fault) => {
    service.orderFault(fault, '/auth/token');
    await expect(service.connect().placeCall?.(order)).rejects.toMatchObject({ fault: 'passing' });
    expect(service.simulator.calls()).toEqual([]);
    expect(await service.connect().placeCall?.(order)).toEqual({ providerId: service.simulator.calls()[0]?.id });
  },
);

test('a token that took too long to come leaves no time for the call, which is then not sent', async () => {
  await service.connect().invoke('getProfile', {});
  service.simulator.revokeTokens();
  const { handle } = service.simulator;
  service.simulator.handle = (request) => {
    if (request.path.endsWith('/auth/token')) service.time.now += 4_001;
    return handle(request);
  };
  await expect(service.connect().placeCall?.(order)).rejects.toMatchObject({
    fault: 'passing',
    message: 'getting a token took too long, nothing was sent',
  });
  expect(service.simulator.calls()).toEqual([]);
  expect(await service.connect().placeCall?.(order)).toBeDefined();
});

function blacklisting(phone: string) {
  return {
    siteId: 3001,
    site: { url: 'https://acme.example' },
    managers: [{ phone: '74950000001' }],
    widget: { button: 1 },
    blacklists: { phone: `74950000009\n${phone.slice(1)}` },
  };
}
