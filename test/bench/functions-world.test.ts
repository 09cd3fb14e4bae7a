import { expect, test } from 'vitest';
import { acceptors, eventOf, type Measurable } from '../../bench/harness/function-events.ts';
import { createFunctionsWorld } from '../../bench/harness/functions-world.ts';

test('whoever forwards leads has ordered each at the provider, or its figures are refused', {
  timeout: 60_000,
}, async () => {
  const world = await createFunctionsWorld();
  const run = (name: Measurable) => {
    const events = (count: number) => Array.from({ length: count }, () => eventOf(name, world.stub));
    return world.run(name, {
      first: eventOf(name, world.stub),
      warmUp: events(1),
      measured: events(1),
      allocating: [],
    });
  };
  try {
    expect(Object.keys(acceptors)).toHaveLength(3);
    for (const [forwarder, acceptor] of Object.entries(acceptors) as [Measurable, Measurable][]) {
      await run(acceptor);
      await expect(run(forwarder)).resolves.toMatchObject({ cpuMs: expect.any(Number) });
    }
    const unknown = { Records: [{ messageId: 'message', body: JSON.stringify({ lead: 'none', delivery: 'call' }) }] };
    const refused = world.run('forward-lead', { first: unknown, warmUp: [], measured: [], allocating: [] });
    await expect(refused).rejects.toThrow('0 of 1 leads reached the provider');
  } finally {
    await world.close();
  }
});
