import { calltouch } from '#shared/providers/calltouch/provider.ts';
import type { Order } from '#shared/providers/provider.ts';
import { createCalltouchSimulator } from '../../../../infra/local/simulators/calltouch.ts';
import { serveSimulator } from '../../../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../../../infra/local/simulators/simulator.ts';
import { listen } from '../../../support/listen.ts';
import { createProviderPorts } from '../../../support/provider-ports.ts';

/** 22 November 2026, 12:00:00 in Moscow. */
export const noon = Date.UTC(2026, 10, 22, 9);

export const account = { provider: 'calltouch', siteId: '18990', apiToken: 'token-of-18990', routeKey: 'main-widget' };

export const order: Order = {
  leadId: 'lead-1',
  phone: '+79205550055',
  name: 'Вася',
  email: 'vasya@mail.example',
  comment: 'Перезвоните & скажите цену',
  subject: 'Моя форма',
  language: 'ru',
  fields: {},
  attribution: {},
  visitor: {},
  createdAt: noon,
};

/** Calltouch's simulator over real HTTP, with a clock that only waiting moves. */
export async function startCalltouch() {
  const time = { now: noon };
  const clock = () => time.now;
  const journal = createMemoryJournal();
  let id = 5_222_101;
  const simulator = createCalltouchSimulator({ accounts: { main: account }, clock, journal, random: () => ++id });
  const { server, order: orderFault } = serveSimulator(simulator);
  const { origin, close } = await listen(server);
  const ports = createProviderPorts(origin, time);
  const connect = (changes: Record<string, unknown> = {}) => calltouch.connect({ ...account, ...changes }, ports);
  /** What Calltouch registered on this day, as its journal shows it. */
  const registered = async () =>
    (await connect().invoke('requests', { dateFrom: '11/22/2026', dateTo: '11/22/2026' })) as Record<string, unknown>[];
  return { time, simulator, journal, orderFault, ports, connect, registered, close, origin };
}

export type Calltouch = Awaited<ReturnType<typeof startCalltouch>>;
