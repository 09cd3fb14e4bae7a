import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { listen } from '../../support/listen.ts';
import { createPuller, readExport } from './set-up.ts';
import { createWorld } from './world.ts';

const accounts = ['keeper', 'touch', 'pozvonim'];
const day = 86_400_000;

/** What the oracle knows, in the form of the export. */
function oracle(world: ReturnType<typeof createWorld>, at: number) {
  return world.calls
    .filter(({ startedAt }) => startedAt <= at)
    .map((call) => ({
      callId: call.id,
      provider: call.provider,
      startedAt: new Date(world.start(call)).toISOString(),
      phone: `+${call.phone}`,
      ...world.truth(call, at),
    }))
    .sort((a, b) => (a.callId < b.callId ? -1 : 1));
}

async function exported(objects: Parameters<typeof readExport>[0]) {
  const lines = await readExport(objects);
  return lines
    .map(({ callId, provider, startedAt, phone, status, answered, talkSeconds }) => ({
      callId,
      provider,
      startedAt,
      phone,
      status,
      answered,
      talkSeconds,
    }))
    .sort((a, b) => (String(a.callId) < String(b.callId) ? -1 : 1));
}

describe('a pull', () => {
  const world = createWorld({ seed: 1, from: '2026-10-30', days: 4, perDay: 300 });
  let host: Awaited<ReturnType<typeof listen>>;
  beforeAll(async () => {
    host = await listen(world.server);
  });
  afterAll(() => host.close());

  test('exports every call of every provider once, with what it had come to', async () => {
    world.now = Date.parse('2026-11-02T12:00:00Z');
    const puller = createPuller({ origin: host.origin, clock: () => world.now });
    const pulls = await puller.pull('first', accounts);
    expect(pulls.map(({ state, reason }) => [state, reason])).toEqual(Array(3).fill(['done', null]));
    expect(await exported(puller.objects)).toEqual(oracle(world, world.now));
    world.now += day;
    await puller.pull('second', accounts);
    expect(await exported(puller.objects)).toEqual(oracle(world, world.now));
  });
});
