import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import { createApplyEvent } from '#shared/deliver.ts';
import { send } from '#shared/http/send.ts';
import { newDeliveries } from '#shared/lead/delivery.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { createTokenStore } from '#shared/store/tokens.ts';
import { type ForwardPorts, forwardLead } from '../../../functions/forward-lead/forward-lead.ts';
import { simulators } from '../../../infra/local/simulators/registry.ts';
import { serveSimulator } from '../../../infra/local/simulators/serve.ts';
import { createMemoryJournal, type Simulator } from '../../../infra/local/simulators/simulator.ts';
import { makeLead } from '../../support/leads.ts';
import { listen } from '../../support/listen.ts';

const account = { provider: 'callkeeper', unique: 'acme', apiak: 'a-key', whash: '96d6ec6937c878c2ca1f889b9b9e865a' };
const form = { name: 'Call me back', origins: ['https://acme.example'], call: ['main'] };
const config = parseConfig({
  accounts: { main: { ...account, apiak: { secret: 'main-key' } } },
  forms: { live: form, rehearsed: { ...form, rehearse: true } },
});

let simulator: Simulator;
let provider: { origin: string; close(): Promise<void> };
let requests = 0;

beforeAll(async () => {
  simulator = (simulators['callkeeper'] as (typeof simulators)[string])({
    accounts: { main: account },
    clock: Date.now,
    journal: createMemoryJournal(),
    random: () => 1_000_000_000 + requests,
  });
  const { server } = serveSimulator(simulator);
  server.on('request', () => void requests++);
  provider = await listen(server);
});
afterAll(() => provider.close());

/** The forwarder over an in-memory table and CallKeeper's simulator, and a lead of this form that is due. */
async function createForwarder(formId: string, id: string) {
  let nonces = 0;
  const base = { table: createMemoryTable(), clock: Date.now, newNonce: () => `nonce-${++nonces}`, config };
  const leads = createLeadStore({ ...base, retention: () => 1_000 });
  const common = { ...base, leads, sendNudge: async () => {}, log: () => {} };
  const ports: ForwardPorts = {
    ...common,
    provider: 'callkeeper',
    callOwners: createCallOwners({ ...base, expiresAt: () => Date.now() + 1_000 }),
    phones: createPhoneGuard({ ...base, readKey: async () => 'key' }),
    breakers: createBreakerStore(base),
    applyEvent: createApplyEvent(common),
    connect: async () =>
      providerNamed('callkeeper').connect(account, {
        ...common,
        send,
        wait,
        tokens: createTokenStore({ ...base, wait }),
        pace: createPaceStore(base),
        origin: provider.origin,
      }),
  };
  const now = Date.now();
  const deliveries = newDeliveries({ call: ['main'], track: [] }, now);
  await leads.create(makeLead({ id, form: formId, createdAt: now, deliveries }));
  const forward = async () => {
    await forwardLead({ lead: id, delivery: 'call' }, () => 60_000, ports);
    return (await leads.get(id))?.deliveries[0];
  };
  return { forward, ports };
}

test('a rehearsal goes all the way but to the provider, and says so', async () => {
  const { forward, ports } = await createForwarder('rehearsed', 'lead-1');
  expect(await forward()).toMatchObject({
    state: 'PLACED',
    attempts: 1,
    providerId: 'rehearsal',
    reason: 'a rehearsal: the provider was not asked',
  });
  expect({ requests, calls: simulator.calls() }).toEqual({ requests: 0, calls: [] });
  expect(await ports.phones.admitted('+79161112233')).toMatchObject([{ lead: 'lead-1' }]);
});

test('the same lead of a live form rings', async () => {
  const { forward } = await createForwarder('live', 'lead-2');
  expect(await forward()).toMatchObject({ state: 'PLACED', providerId: simulator.calls()[0]?.id, reason: null });
  expect(simulator.calls()).toHaveLength(1);
});

test('a rehearsal closes no breaker: nobody knows whether the account is mended', async () => {
  const { forward, ports } = await createForwarder('rehearsed', 'lead-3');
  await ports.breakers.open('main', 'the widget is disabled');
  expect(await forward()).toMatchObject({ state: 'PLACED', providerId: 'rehearsal' });
  expect(await ports.breakers.look('main')).toMatchObject({ reason: 'the widget is disabled' });
});
