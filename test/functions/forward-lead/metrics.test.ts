import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError } from '#shared/errors.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { reportPoints } from '../../../functions/forward-lead/report-points.ts';
import { createForwarder, startCallkeeper } from './forwarder.ts';

let provider: Awaited<ReturnType<typeof startCallkeeper>>;
beforeAll(async () => {
  provider = await startCallkeeper();
});
afterAll(() => provider.close());

test('a placed call tells how long it took from the form', async () => {
  const { forward, metrics } = await createForwarder(provider.origin, 'live', 'lead-1');
  await forward();
  expect(metrics).toEqual([{ SecondsToCall: expect.any(Number) }]);
  expect(metrics[0]?.SecondsToCall).toBeLessThan(5);
});

test('an account that refuses through a fault of its own is avoided, and its lead held', async () => {
  const { forward, ports, metrics } = await createForwarder(provider.origin, 'live', 'lead-2');
  ports.connect = async () => {
    throw new ConfigError('the secret main-key is not set');
  };
  await forward();
  expect(metrics).toEqual([{ AvoidedAccounts: 1 }, { HeldDeliveries: 1 }]);
  expect(await ports.breakers.look('main')).toBeDefined();
});

test('a lead that meets an open breaker tells so too', async () => {
  const { forward, ports, metrics } = await createForwarder(provider.origin, 'live', 'lead-3');
  await ports.breakers.open('main', 'the widget is disabled');
  await forward();
  expect(metrics).toEqual([{ AvoidedAccounts: 1 }, { HeldDeliveries: 1 }]);
});

test("every take of points tells what the day's budget has left", async () => {
  const logged: unknown[] = [];
  let nonces = 0;
  const store = createPaceStore({ table: createMemoryTable(), clock: Date.now, newNonce: () => `nonce-${++nonces}` });
  const pace = reportPoints(store, (...line) => void logged.push(line));
  expect((await pace.takePoints('calltouch-1', 2, 3)).taken).toBe(2);
  expect((await pace.takePoints('calltouch-1', 2, 3)).taken).toBe(1);
  expect(logged).toEqual([
    ['points taken', { budget: 'calltouch-1', taken: 2 }, { PointsLeft: 1 }],
    ['points taken', { budget: 'calltouch-1', taken: 1 }, { PointsLeft: 0 }],
  ]);
});
