import type { IncomingMessage, RequestListener, Server, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import type { Connection, Order, Provider } from '#shared/providers/provider.ts';
import { simulators } from '../../infra/local/simulators/registry.ts';
import { type Fault, serveSimulator } from '../../infra/local/simulators/serve.ts';
import { createMemoryJournal, type Simulator, type SimulatorOptions } from '../../infra/local/simulators/simulator.ts';
import { listen } from '../support/listen.ts';
import { createProviderPorts } from '../support/provider-ports.ts';

export type Account = Record<string, unknown>;

/** What the suite has to know of a provider. */
export type Subject = {
  provider: Provider;
  /** An account with its secrets resolved, at a simulator of this origin. */
  account: Account | ((origin: string) => Account);
  /** Where infra/local/simulators/registry.ts has none. */
  createSimulator?: (options: SimulatorOptions) => Simulator;
};

export const noon = Date.UTC(2026, 10, 22, 9);

export const order: Order = {
  leadId: 'lead-1',
  phone: '+79161112233',
  name: 'Аполлинария',
  email: 'apollinaria@mail.example',
  comment: 'Перезвоните & скажите цену',
  subject: 'Моя форма',
  language: 'ru',
  fields: { garden: 'orchard' },
  attribution: { utm_source: 'yandex', current_page: 'https://acme.example/fences' },
  visitor: { address: '192.0.2.77', userAgent: 'Canary/1.0' },
  site: 'acme.example',
  createdAt: noon,
};

export type World = Awaited<ReturnType<typeof openWorld>>;

/** The provider's simulator over real HTTP and a connection to it; an order for another phone has been placed, so that tokens are there. */
export async function openWorld({ provider, account, createSimulator = simulators[provider.name] }: Subject) {
  if (createSimulator === undefined) throw new Error(`there is no simulator of ${provider.name}`);
  const time = { now: noon };
  let lastId = 700_000;
  const journal = createMemoryJournal();
  const accountAt = typeof account === 'function' ? account : () => account;
  const accounts = { main: accountAt('https://receiver.example') };
  const simulator = createSimulator({ accounts, clock: () => time.now, journal, random: () => ++lastId });
  const { server, order: orderFault } = serveSimulator(simulator);
  const { requests, answerNext } = watch(server);
  const { origin, close } = await listen(server);
  const ports = createProviderPorts(origin, time);
  const connectTo = (place: string): Connection =>
    provider.connect(accountAt(place), { ...ports, origin: place, allowLoopback: true });
  const connection = connectTo(origin);
  await (connection.placeCall ?? connection.trackLead)?.({ ...order, leadId: 'lead-0', phone: '+79160000000' });
  requests.length = 0;
  const fail = (fault: Fault) => orderFault(fault);
  return { connection, connectTo, origin, simulator, time, requests, fail, answerNext, close };
}

/** Keeps what is asked of a server, and lets something else answer the next request. */
function watch(server: Server) {
  const requests: { method: string; path: string; text: string }[] = [];
  const answers: RequestListener[] = [];
  const [listener] = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  server.on('request', async (request: IncomingMessage, response: ServerResponse) => {
    const { method = '', url = '' } = request;
    const answer = answers.shift();
    requests.push({ method, path: url.split('?')[0] ?? '', text: url });
    if (answer === undefined) return listener?.(request, response);
    return answer(request, response);
  });
  return { requests, answerNext: (answer: RequestListener) => void answers.push(answer) };
}

/** Answers with everything that was sent, wherever a provider's errors carry their words. */
export const quoteAll: RequestListener = async (request, response) => {
  const sent = await text(request);
  const message = [
    request.url,
    sent,
    ...new URLSearchParams(sent).values(),
    JSON.stringify(request.headers),
    '+7 (916) 111-22-33 9161112233',
  ].join(' ');
  const body = { status: 'fail', reason: message, message, errorMessage: message };
  response.writeHead(400);
  response.end(
    JSON.stringify({ ...body, error: { code: 'QUOTED', http_code: 400, message }, data: { apiErrorData: body } }),
  );
};
