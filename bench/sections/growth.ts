import { median } from '../harness/figures.ts';
import { eventOf } from '../harness/function-events.ts';
import { createFunctionsWorld } from '../harness/functions-world.ts';
import type { Events } from '../harness/run-bundle.ts';
import { type StubAws, startStubAws } from '../harness/stub-aws.ts';

/** A lead's way through both functions where so many are stored already. */
export type Grown = { stored: number; latencyMs: number; requests: number };

const sizes = [1, 1_000, 1_000_000];
const rounds = 4;
const warmUp = 100;
const measured = 300;

/**
 * Accepts and forwards leads in front of stubs that hold more and more, by turns. What DynamoDB itself does with a table's size
 * is not measured; whether a lead asks for more, or for anything but single rows by key, is.
 */
export async function measureGrowth(): Promise<Grown[]> {
  const world = await createFunctionsWorld();
  const stubs: { stored: number; stub: StubAws; latencies: number[]; requests: number[] }[] = [];
  try {
    for (const stored of sizes) {
      const stub = await startStubAws();
      stub.fill(stored);
      stubs.push({ stored, stub, latencies: [], requests: [] });
    }
    for (let round = 0; round < rounds; round++) {
      for (const { stub, latencies, requests } of stubs) {
        const before = stub.requests();
        const accepted = await world.run('submit-form', events('submit-form', stub), stub);
        const forwarded = await world.run('forward-lead', events('forward-lead', stub), stub);
        latencies.push(accepted.latencyMs + forwarded.latencyMs);
        requests.push((stub.requests() - before) / (1 + warmUp + measured));
      }
    }
    return stubs.map(({ stored, latencies, requests }) => ({
      stored,
      latencyMs: median(latencies),
      requests: median(requests),
    }));
  } finally {
    for (const { stub } of stubs) await stub.close();
    await world.close();
  }
}

function events(name: 'submit-form' | 'forward-lead', stub: StubAws): Events {
  const many = (count: number) => Array.from({ length: count }, () => eventOf(name, stub));
  return { first: eventOf(name, stub), warmUp: many(warmUp), measured: many(measured), allocating: [] };
}
