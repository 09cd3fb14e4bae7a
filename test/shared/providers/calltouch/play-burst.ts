import type { Send } from '#shared/http/send.ts';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import type { Connection } from '#shared/providers/provider.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPaceStore } from '#shared/store/pace.ts';
import { createCalltouchSimulator } from '../../../../infra/local/simulators/calltouch.ts';
import { createMemoryJournal } from '../../../../infra/local/simulators/simulator.ts';
import { createRandom, createVirtualTime } from '../../../support/virtual-time.ts';
import { account, noon, order } from './set-up.ts';

const { batchSize } = calltouch;

/** What a function does with a batch: reserve for all, then start each shortly before its instant. */
async function forwardBatch(connection: Connection, count: number, time: ReturnType<typeof createVirtualTime>) {
  const { leaveAt = [] } = (await connection.prepare?.(count)) ?? {};
  await Promise.all(
    leaveAt.map(async (instant) => {
      await time.wait(instant - time.clock() - 15);
      await connection.trackLead?.(order);
    }),
  );
}

/** Functions share the table and the address; a request takes up to 50 ms to arrive and up to 800 ms to be answered. */
export async function playBurst(leads: number, functions: number, seed: number) {
  const random = createRandom(seed);
  const time = createVirtualTime(noon);
  const { clock, wait } = time;
  const table = createMemoryTable();
  let ids = 0;
  const simulator = createCalltouchSimulator({
    accounts: { main: account },
    clock,
    journal: createMemoryJournal(),
    random: () => ++ids,
  });
  const arrivals: number[] = [];
  let writes = 0;
  let refused = 0;
  const put = table.put;
  table.put = async (row) => {
    const isWritten = await put(row);
    if (isWritten) writes++;
    return isWritten;
  };
  const send: Send = async ({ method, url, headers = {}, body = '' }) => {
    await wait(random() * 50);
    arrivals.push(clock());
    const { pathname: path, searchParams: query } = new URL(url);
    const answer = simulator.handle({ method, path, query, headers, body, address: '203.0.113.7' });
    if (answer.status === 429) refused++;
    await wait(random() * 800);
    return { status: answer.status, headers: {}, text: answer.body };
  };
  const connect = () => {
    const newNonce = () => String(random());
    const pace = createPaceStore({ table, clock, newNonce });
    const tokens = { get: () => Promise.reject(new Error('Calltouch has no session tokens')) };
    return calltouch.connect(account, {
      send,
      clock,
      wait,
      newNonce,
      tokens,
      pace,
      origin: 'https://calltouch.example',
    });
  };
  let left = leads;
  const work = async () => {
    const connection = connect();
    while (left > 0) {
      const count = Math.min(batchSize, left);
      left -= count;
      await forwardBatch(connection, count, time);
    }
  };
  await time.run(Promise.all(Array.from({ length: functions }, work)));
  return { arrivals, writes, refused };
}
