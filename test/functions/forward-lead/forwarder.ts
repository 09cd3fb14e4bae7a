import { setTimeout as wait } from 'node:timers/promises';
import { parseConfig } from '#shared/config/load-config.ts';
import { createApplyEvent } from '#shared/deliver.ts';
import { send } from '#shared/http/send.ts';
import { newDeliveries } from '#shared/lead/delivery.ts';
import type { Metrics } from '#shared/log.ts';
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
import { createMemoryJournal } from '../../../infra/local/simulators/simulator.ts';
import { makeLead } from '../../support/leads.ts';
import { listen } from '../../support/listen.ts';

const account = { provider: 'callkeeper', unique: 'acme', apiak: 'a-key', whash: '96d6ec6937c878c2ca1f889b9b9e865a' };
const form = { name: 'Call me back', origins: ['https://acme.example'], call: ['main'] };
const config = parseConfig({
  accounts: { main: { ...account, apiak: { secret: 'main-key' } } },
  forms: { live: form, rehearsed: { ...form, rehearse: true } },
});

/** CallKeeper's simulator on a free port, and how many requests it got. */
export async function startCallkeeper() {
  let requests = 0;
  const create = simulators['callkeeper'] as (typeof simulators)[string];
  const simulator = create({
    accounts: { main: account },
    clock: Date.now,
    journal: createMemoryJournal(),
    random: () => 1_000_000_000 + requests,
  });
  const { server } = serveSimulator(simulator);
  server.on('request', () => void requests++);
  return { simulator, requests: () => requests, ...(await listen(server)) };
}

/** The forwarder over an in-memory table and a CallKeeper at this origin, and a lead of this form that is due. */
export async function createForwarder(origin: string, formId: string, id: string) {
  let nonces = 0;
  const base = { table: createMemoryTable(), clock: Date.now, newNonce: () => `nonce-${++nonces}`, config };
  const leads = createLeadStore({ ...base, retention: () => 1_000 });
  const metrics: Metrics[] = [];
  const log = (_event: string, _details?: object, measured: Metrics = {}) => {
    if (Object.keys(measured).length > 0) metrics.push(measured);
  };
  const common = { ...base, leads, sendNudge: async () => {}, log };
  const ports: ForwardPorts = {
    ...common,
    provider: 'callkeeper',
    callOwners: createCallOwners(base),
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
        origin,
      }),
  };
  const now = Date.now();
  const deliveries = newDeliveries({ call: ['main'], track: [] }, now);
  await leads.create(makeLead({ id, form: formId, createdAt: now, deliveries }));
  const forward = async () => {
    await forwardLead({ lead: id, delivery: 'call' }, () => 60_000, ports);
    return (await leads.get(id))?.deliveries[0];
  };
  return { forward, ports, metrics };
}
