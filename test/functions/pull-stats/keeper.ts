import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../support/listen.ts';

export type KeeperRecord = Record<string, unknown> & { date: string };

/** A record of an answered call as CallKeeper lists it; `date` reads `2026-11-05 12:00:00`. */
export function keeperRecord(id: number, date: string, changes: Record<string, unknown> = {}): KeeperRecord {
  const phone2 = `7916${String(id).padStart(7, '0')}`;
  return { id, status_code: 200, status2_code: 200, phone1: '74950000001', phone2, date, duration2_sec: 5, ...changes };
}

/** A CallKeeper on the loopback that lists these records; `isDown` fails a request by its first second. */
export async function serveKeeper() {
  const keeper = { records: [] as KeeperRecord[], isDown: (_from: string) => false, requests: 0 };
  const server = createServer(async (request, response) => {
    const params = new URLSearchParams(await text(request));
    const bound = (name: string) => (params.get(`date[${name}]`) ?? '').replace('T', ' ');
    const [from, to] = [bound('from'), bound('to')];
    keeper.requests++;
    if (keeper.isDown(from)) return response.writeHead(502).end('<h1>Bad Gateway</h1>');
    response.end(JSON.stringify({ result: keeper.records.filter(({ date }) => date >= from && date <= to) }));
  });
  const { origin, close } = await listen(server);
  return Object.assign(keeper, { origin, close });
}
