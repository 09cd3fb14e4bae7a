import { afterAll, beforeAll, expect, test } from 'vitest';
import { acceptors, eventOf, type Measurable } from '../../bench/harness/function-events.ts';
import { createFunctionsWorld, type FunctionsWorld } from '../../bench/harness/functions-world.ts';

let world: FunctionsWorld;
beforeAll(async () => {
  world = await createFunctionsWorld();
}, 60_000);
afterAll(() => world.close());

const once = (name: Measurable, first: unknown) => world.run(name, { first, warmUp: [], measured: [], allocating: [] });

test('whoever forwards leads has ordered each at the provider, or its figures are refused', {
  timeout: 60_000,
}, async () => {
  const run = (name: Measurable) => {
    const events = (count: number) => Array.from({ length: count }, () => eventOf(name, world.stub));
    return world.run(name, {
      first: eventOf(name, world.stub),
      warmUp: events(1),
      measured: events(1),
      allocating: [],
    });
  };
  expect(Object.keys(acceptors)).toHaveLength(3);
  for (const [forwarder, acceptor] of Object.entries(acceptors) as [Measurable, Measurable][]) {
    await run(acceptor);
    await expect(run(forwarder)).resolves.toMatchObject({ cpuMs: expect.any(Number) });
  }
  const unknown = { Records: [{ messageId: 'message', body: JSON.stringify({ lead: 'none', delivery: 'call' }) }] };
  await expect(once('forward-lead', unknown)).rejects.toThrow('0 of 1 leads reached the provider');
});

test('a hook is taken in and kept, and a refusal is not measured', { timeout: 60_000 }, async () => {
  const hook = eventOf('receive-webhook', world.stub) as { pathParameters: object };
  const before = world.stub.requests();
  await once('receive-webhook', hook);
  // The key of the addresses, the call's owner, the phone's leads, the call's row, and the row with the news in it.
  expect(world.stub.requests() - before).toBe(5);
  const refused = { ...hook, pathParameters: { account: 'callkeeper', secret: 'wrong' } };
  await expect(once('receive-webhook', refused)).rejects.toThrow('refused with 404');
});
