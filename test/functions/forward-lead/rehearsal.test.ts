import { afterAll, beforeAll, expect, test } from 'vitest';
import { createForwarder, startCallkeeper } from './forwarder.ts';

let provider: Awaited<ReturnType<typeof startCallkeeper>>;
beforeAll(async () => {
  provider = await startCallkeeper();
});
afterAll(() => provider.close());

test('a rehearsal goes all the way but to the provider, and says so', async () => {
  const { forward, ports } = await createForwarder(provider.origin, 'rehearsed', 'lead-1');
  expect(await forward()).toMatchObject({
    state: 'PLACED',
    attempts: 1,
    providerId: 'rehearsal',
    reason: 'a rehearsal: the provider was not asked',
  });
  expect({ requests: provider.requests(), calls: provider.simulator.calls() }).toEqual({ requests: 0, calls: [] });
  expect(await ports.phones.admitted('+79161112233')).toMatchObject([{ lead: 'lead-1' }]);
});

test('the same lead of a live form rings', async () => {
  const { forward } = await createForwarder(provider.origin, 'live', 'lead-2');
  expect(await forward()).toMatchObject({
    state: 'PLACED',
    providerId: provider.simulator.calls()[0]?.id,
    reason: null,
  });
  expect(provider.simulator.calls()).toHaveLength(1);
});

test('a rehearsal closes no breaker: nobody knows whether the account is mended', async () => {
  const { forward, ports } = await createForwarder(provider.origin, 'rehearsed', 'lead-3');
  await ports.breakers.open('main', 'the widget is disabled');
  expect(await forward()).toMatchObject({ state: 'PLACED', providerId: 'rehearsal' });
  expect(await ports.breakers.look('main')).toMatchObject({ reason: 'the widget is disabled' });
});
