import { createPozvonimSimulator } from '../../../../infra/local/simulators/pozvonim.ts';
import { serveSimulator } from '../../../../infra/local/simulators/serve.ts';
import { createMemoryJournal } from '../../../../infra/local/simulators/simulator.ts';
import { listen } from '../../../support/listen.ts';
import { connectTo } from './connect.ts';

/** 22 November 2026, 12:00:00 in Moscow. */
export const noon = Date.UTC(2026, 10, 22, 9);

export const accounts = {
  main: { provider: 'pozvonim', uid: '17', apiKey: 'key-of-seventeen', siteId: '3001' },
  second: { provider: 'pozvonim', uid: '17', apiKey: 'key-of-seventeen', siteId: '3002', region: '5' },
  other: { provider: 'pozvonim', uid: '18', apiKey: 'key-of-eighteen', siteId: '4001' },
};

/** Pozvonim's simulator over real HTTP, with a clock that only waiting moves. */
export async function startPozvonim() {
  const time = { now: noon };
  const journal = createMemoryJournal();
  let lastId = 880_000;
  const simulator = createPozvonimSimulator({ accounts, clock: () => time.now, journal, random: () => ++lastId });
  const { server, order: orderFault } = serveSimulator(simulator);
  const requests: string[] = [];
  server.prependListener('request', ({ method, url }) => void requests.push(`${method} ${url?.split('?')[0]}`));
  const { origin, close } = await listen(server);
  /** Functions that share a table. */
  const connect = connectTo(origin, time);
  return { time, simulator, journal, orderFault, origin, connect, requests, close };
}

export type Pozvonim = Awaited<ReturnType<typeof startPozvonim>>;
