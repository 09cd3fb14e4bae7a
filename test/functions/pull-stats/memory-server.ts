import { createServer } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';

// CallKeeper with so many calls in the first hour of each day, made up as they are asked for. In a process of its own, so that only the pull is measured.
const perDay = Number(process.argv[2]);
const day = 86_400_000;
const hour = 3_600_000;

const server = createServer(async (request, response) => {
  const params = new URLSearchParams(await text(request));
  const from = Date.parse(`${params.get('date[from]')}Z`);
  const to = Date.parse(`${params.get('date[to]')}Z`) + 1000;
  response.writeHead(200, { 'content-type': 'application/json' });
  // The pull hangs up as soon as it has had enough of an answer.
  await pipeline(Readable.from(answer(from, to)), response).catch(() => response.destroy());
});

function* answer(from: number, to: number) {
  yield '{"result": [';
  let chunk: string[] = [];
  const midnight = Math.floor(from / day) * day;
  const last = Math.min(perDay, ((to - midnight) * perDay) / hour);
  for (let number = Math.ceil(((from - midnight) * perDay) / hour); number < last; number++) {
    chunk.push(JSON.stringify(record(number, midnight)));
    if (chunk.length < 500) continue;
    yield `${chunk.join(',')},`;
    chunk = [];
  }
  // One of long ago ends the list, which belongs to no window.
  yield `${[...chunk, JSON.stringify({ ...record(0, midnight), date: '2001-01-01 00:00:00' })].join(',')}]}`;
}

function record(number: number, midnight: number) {
  const startedAt = midnight + Math.floor((number * hour) / perDay / 1000) * 1000;
  return {
    id: number,
    status_code: 200,
    status2_code: 200,
    phone1: '74950000001',
    phone2: `79${String(number % 1_000_000_000).padStart(9, '0')}`,
    date: new Date(startedAt).toISOString().slice(0, 19).replace('T', ' '),
    duration2_sec: number % 300,
    visit_info: {
      current: { utm_source: 'yandex', utm_campaign: `campaign ${number % 50}` },
      udata: { uag: 'x'.repeat(150) },
    },
  };
}

server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
process.on('disconnect', () => process.exit());
