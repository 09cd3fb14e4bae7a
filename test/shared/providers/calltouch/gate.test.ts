import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Calltouch, noon, order, startCalltouch } from './set-up.ts';

let service: Calltouch;
beforeEach(async () => {
  service = await startCalltouch();
});
afterEach(() => service.close());

const untilMidnight = (Date.UTC(2026, 10, 23) - noon) / 1000;

describe('the daily points of an account', () => {
  test('are shared by all functions; when they are gone, leads wait for the next day', async () => {
    const [one, other] = [service.connect({ dailyPoints: 3 }), service.connect({ dailyPoints: 3 })];
    const results = await Promise.allSettled(
      [one, one, other, other].map((connection) => connection.trackLead?.(order)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
    const rejected = results.find((result) => result.status === 'rejected');
    expect(rejected?.reason).toMatchObject({ name: 'ProviderError', fault: 'passing' });
    expect(rejected?.reason.retryAfterSeconds).toBeLessThanOrEqual(untilMidnight);
    expect(rejected?.reason.retryAfterSeconds).toBeGreaterThan(untilMidnight - 10);
    expect(await service.registered()).toHaveLength(3);

    service.time.now = Date.UTC(2026, 10, 23);
    await expect(one.trackLead?.(order)).resolves.toBeDefined();
  });

  test('are taken for a batch at once, as far as there are any', async () => {
    const connection = service.connect({ dailyPoints: 5 });
    expect(await connection.prepare?.(3)).toMatchObject({ leaveAt: { length: 3 } });
    for (let index = 0; index < 3; index++) await connection.trackLead?.(order);
    expect(await connection.prepare?.(4)).toMatchObject({ leaveAt: { length: 2 } });
    await connection.trackLead?.(order);
    await connection.trackLead?.(order);
    await expect(connection.trackLead?.(order)).rejects.toMatchObject({ fault: 'passing' });
    expect(await connection.prepare?.(1)).toEqual({ leaveAt: [] });
  });

  test.each(['too-many', 'error-before'] as const)(
    'count a request after %s only if it may have succeeded',
    async (fault) => {
      const connection = service.connect({ dailyPoints: 1 });
      service.orderFault(fault);
      await expect(connection.trackLead?.(order)).rejects.toMatchObject({ name: 'ProviderError' });
      const again = connection.trackLead?.(order);
      if (fault === 'too-many') await expect(again).resolves.toBeDefined();
      else await expect(again).rejects.toThrow("the day's points are used up");
    },
  );

  test('send a call to the route’s next account when they are gone', async () => {
    const connection = service.connect({ dailyPoints: 1 });
    await connection.trackLead?.(order);
    await expect(connection.placeCall?.(order)).rejects.toMatchObject({ fault: 'account' });
    expect(service.simulator.calls()).toEqual([]);
  });

  test('held since yesterday are not spent today', async () => {
    const connection = service.connect({ dailyPoints: 1 });
    await connection.prepare?.(1);
    service.time.now += 86_400_000;
    await connection.trackLead?.(order);
    await expect(connection.trackLead?.(order)).rejects.toMatchObject({ fault: 'passing' });
  });
});

describe('the queue to Calltouch', () => {
  test('turns a request away rather than let its claim run out', async () => {
    await service.ports.pace.reserve('calltouch', 50, 5);
    const placed = service.connect().placeCall?.(order);
    await expect(placed).rejects.toMatchObject({ fault: 'passing', retryAfterSeconds: 11 });
    expect(service.time.now).toBe(noon);
  });

  test('turns a request away when counting its point took the time of its claim', async () => {
    const { takePoints } = service.ports.pace;
    service.ports.pace.takePoints = async (...counted) => {
      service.time.now += 40_000;
      return takePoints(...counted);
    };
    const placed = service.connect({ dailyPoints: 9 }).placeCall?.(order);
    await expect(placed).rejects.toMatchObject({ fault: 'passing' });
    expect(service.simulator.calls()).toEqual([]);
  });

  test('does not use an instant that has gone by', async () => {
    const connection = service.connect();
    const { leaveAt = [] } = (await connection.prepare?.(6)) ?? {};
    const [first = 0, , , , , sixth = 0] = leaveAt;
    service.time.now = first + 100;
    await connection.trackLead?.(order);
    expect(service.time.now).toBe(sixth);
  });
});
