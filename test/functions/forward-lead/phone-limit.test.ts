import { afterAll, beforeAll, expect, test } from 'vitest';
import { createApplyEvent } from '#shared/deliver.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { type ForwardPorts, forwardLead } from '../../../functions/forward-lead/forward-lead.ts';
import { simulators } from '../../../infra/local/simulators/registry.ts';
import { serveSimulator } from '../../../infra/local/simulators/serve.ts';
import { createMemoryJournal, type Simulator } from '../../../infra/local/simulators/simulator.ts';
import { listen } from '../../support/listen.ts';
import { createProviderPorts } from '../../support/provider-ports.ts';
import { asJson, configWith, createSite } from '../submit-form/fixture.ts';

const account = { provider: 'callkeeper', unique: 'acme', apiak: 'a-key', whash: 'w1' };
const phone = '+79161234567';

let simulator: Simulator;
let provider: Awaited<ReturnType<typeof listen>>;
let calls = 0;

beforeAll(async () => {
  simulator = (simulators['callkeeper'] as (typeof simulators)[string])({
    accounts: { main: account },
    clock: Date.now,
    journal: createMemoryJournal(),
    random: () => 1_000_000_000 + ++calls,
  });
  provider = await listen(serveSimulator(simulator).server);
});
afterAll(() => provider.close());

test('one phone from 1,000 addresses rings as often as the limit says; the rest is kept, held, never dialled', async () => {
  const config = configWith({ track: [], phoneLimit: { calls: 3, perHours: 24 } });
  const outside = createProviderPorts(provider.origin, { now: Date.now() });
  const base = { ...outside, config };
  const leads = createLeadStore({ ...base, retention: () => 1_000 });
  const site = createSite({ track: [], phoneLimit: { calls: 3, perHours: 24 } }, { leads, clock: outside.clock });
  for (let number = 0; number < 1_000; number++) {
    const address = `198.51.${number >> 8}.${number & 255}`;
    const { status } = await site.send({ ...asJson({ phone, _key: `key-${number}` }), address });
    expect(status).toBe(202);
  }

  const common = { ...base, leads, sendNudge: async () => {}, log: () => {} };
  const ports: ForwardPorts = {
    ...common,
    provider: 'callkeeper',
    callOwners: createCallOwners(base),
    phones: createPhoneGuard({ ...base, readKey: async () => 'key' }),
    breakers: createBreakerStore(base),
    applyEvent: createApplyEvent(common),
    connect: async () => providerNamed('callkeeper').connect(account, outside),
  };
  expect(site.nudges).toHaveLength(1_000);
  for (const { nudge } of site.nudges) await forwardLead(nudge, () => 60_000, ports);

  const stored = await Promise.all(site.nudges.map(({ nudge }) => leads.get(nudge.lead)));
  const states = stored.map((lead) => `${lead?.deliveries[0]?.state} ${lead?.deliveries[0]?.reason ?? ''}`.trim());
  expect(
    Object.fromEntries(
      Map.groupBy(states, (state) => state)
        .entries()
        .map(([state, all]) => [state, all.length]),
    ),
  ).toEqual({
    PLACED: 3,
    'HELD this phone was rung too often': 997,
  });
  expect(simulator.calls()).toHaveLength(3);
});
