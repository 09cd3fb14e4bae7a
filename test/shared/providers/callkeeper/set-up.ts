import { type Send, send } from '#shared/http/send.ts';
import { callkeeper } from '#shared/providers/callkeeper/provider.ts';
import type { Order } from '#shared/providers/provider.ts';
import { createCallkeeperSimulator } from '../../../../infra/local/simulators/callkeeper.ts';
import { serveSimulator } from '../../../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../../../infra/local/simulators/simulator.ts';
import { listen } from '../../../support/listen.ts';
import { createProviderPorts } from '../../../support/provider-ports.ts';

export const morning = Date.UTC(2026, 10, 22, 9);

export const account = {
  provider: 'callkeeper',
  unique: 'acme',
  apiak: 'eb2cee1bc1b8d1b6e4282486af09e078',
  whash: '96d6ec6937c878c2ca1f889b9b9e865a',
};
/** The same owner's second widget, and two owners of whom one has it switched off and one lets in other hosts only. */
const others = {
  second: { ...account, whash: undefined, walias: 'second-site', manager: '74642512525^4342' },
  disabled: { ...account, apiak: 'd'.repeat(32), whash: 'f'.repeat(32), disabled: true },
  guarded: { ...account, apiak: 'c'.repeat(32), whash: 'e'.repeat(32), hosts: ['203.0.113.7'] },
};

export const order: Order = {
  leadId: 'lead-1',
  phone: '+79161112233',
  name: 'Анна',
  comment: 'После шести & до семи',
  subject: 'Обратный звонок',
  language: 'ru',
  fields: {},
  attribution: { utm_source: 'yandex', current_page: 'https://acme.example/fences' },
  visitor: { address: '203.0.113.9', userAgent: 'Browser/1' },
  site: 'acme.example',
  createdAt: morning,
};

/** CallKeeper's simulator over real HTTP, with a clock that the test sets. */
export async function startCallkeeper() {
  const time = { now: morning };
  let id = 123_455;
  const simulator = createCallkeeperSimulator({
    accounts: { main: account, ...others },
    clock: () => time.now,
    journal: createMemoryJournal(),
    random: () => ++id,
  });
  const { server, order: orderFault } = serveSimulator(simulator);
  const { origin, close } = await listen(server);
  const connect = (changes: Record<string, unknown> = {}, through: Send = send) =>
    callkeeper.connect({ ...account, ...changes }, { ...createProviderPorts(origin, time), send: through });
  return { time, simulator, orderFault, origin, close, connect, others };
}

export type Callkeeper = Awaited<ReturnType<typeof startCallkeeper>>;
