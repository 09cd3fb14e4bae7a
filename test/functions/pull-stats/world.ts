import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { createRandom } from '../../support/virtual-time.ts';

/** A call as it happened, and how the provider tells it as time goes by. Milliseconds since 1970 UTC. */
export type WorldCall = {
  id: string;
  provider: 'callkeeper' | 'calltouch' | 'pozvonim';
  startedAt: number;
  phone: string;
  /** The status once it is settled, and when that is: days after the call for some. */
  settledAt: number;
  status: string;
  talkSeconds: number;
  /** Not told at all by the record, in the provider's own words. */
  missing: string[];
  /** What is wrong with its record. */
  odd: 'number' | 'date' | 'kinds' | undefined;
};

/** A lead in Calltouch's journal, which its operator gives a status later. */
export type WorldLead = { id: string; createdAt: number; phone: string; name: string | null; settledAt: number };

export type World = {
  calls: WorldCall[];
  leads: WorldLead[];
  /** What the provider says of this call at this instant: the oracle's columns. */
  truth(call: WorldCall, at: number): { status: string; answered: boolean; talkSeconds: number | null };
  /** When it started, as far as the provider tells: of the hour that comes twice its clocks show no difference. */
  start(call: WorldCall): number;
  server: Server;
  requests: { provider: string; path: string; bytes: number }[];
  /** Whether the next request to a provider goes wrong, and how. */
  faults: (provider: string) => 'error' | 'too-many' | 'reset' | 'hang' | undefined;
  now: number;
  /** How many calls Calltouch gives at once. */
  pageSize: number;
};

const minute = 60_000;
const day = 24 * 60 * minute;
const settledStatuses = {
  callkeeper: ['200/200', '200/200', '200/486', '487/0', '200/487', '777/42', '812/0'],
  calltouch: ['successful', 'successful', 'unsuccessful'],
  pozvonim: ['4', '4', '5', '99'],
};
export const pozvonimZone = 'America/New_York';

/** Three providers with this many calls a day between them, from a day on. Written without any of Ringback's own code, to hold it against. */
export function createWorld(options: { seed: number; from: string; days: number; perDay: number }): World {
  const random = createRandom(options.seed);
  const start = Date.parse(options.from);
  const world: World = {
    calls: [],
    leads: [],
    truth,
    start: toldStart,
    requests: [],
    faults: () => undefined,
    now: start,
    pageSize: 1000,
    server: createServer((request, response) => {
      void answer(world, request, response).catch((error: unknown) => response.destroy(error as Error));
    }),
  };
  const names = ['callkeeper', 'calltouch', 'pozvonim'] as const;
  for (let index = 0; index < options.days * options.perDay; index++) {
    const provider = names[Math.floor(random() * 3)] ?? 'callkeeper';
    world.calls.push(makeCall(provider, index, start, options, random));
  }
  for (let index = 0; index < (options.days * options.perDay) / 5; index++) {
    world.leads.push(makeLead(index, start, options.days, random));
  }
  return world;
}

function makeLead(index: number, start: number, days: number, random: () => number): WorldLead {
  // A tenth at midnight of UTC and of Moscow.
  const edge = index % 2 === 0 ? 0 : 21 * 60 * minute;
  const offset = random() < 0.1 ? edge : Math.floor(random() * (day / 1000)) * 1000;
  const createdAt = start + (index % days) * day + offset;
  return {
    id: `8${String(index).padStart(17, '0')}`,
    createdAt,
    phone: `79${String(100_000_000 + Math.floor(random() * 899_999_999))}`,
    name: random() < 0.1 ? null : `Client ${index}`,
    settledAt: createdAt + Math.floor(random() * 2.5 * day),
  };
}

function makeCall(
  provider: WorldCall['provider'],
  index: number,
  start: number,
  { days, perDay }: { days: number; perDay: number },
  random: () => number,
): WorldCall {
  const dayStart = start + (index % days) * day;
  // A tenth crowds around midnight of UTC, and around that of Moscow and New York.
  const edges = [0, day - 1000, 21 * 60 * minute, 4 * 60 * minute, 5 * 60 * minute, 6 * 60 * minute];
  const edge = edges[index % edges.length] ?? 0;
  const offset = random() < 0.1 ? edge : Math.floor(random() * (day / 1000)) * 1000;
  const startedAt = dayStart + offset;
  const statuses = settledStatuses[provider];
  const status = statuses[Math.floor(random() * statuses.length)] ?? '';
  const isLate = random() < 0.05;
  const talks = ['200/200', 'successful', '4'].includes(status);
  return {
    id: `9${String(index + days * perDay * 3).padStart(17, '0')}`,
    provider,
    startedAt,
    phone: `79${String(100_000_000 + Math.floor(random() * 899_999_999))}`,
    settledAt: startedAt + (isLate ? Math.floor(random() * 2.5 * day) : 3 * minute),
    status,
    talkSeconds: talks ? 5 + Math.floor(random() * 300) : 0,
    missing: random() < 0.05 ? ['extras'] : [],
    odd: random() < 0.06 ? (['number', 'date', 'kinds'] as const)[Math.floor(random() * 3)] : undefined,
  };
}

/** A call as its provider lists it at this instant. Numbers beyond 2^53 are written as `#…`. */
export function recordOf(call: WorldCall, at: number): Record<string, unknown> {
  const { status, answered, talkSeconds } = truth(call, at);
  const [code, code2] = status.split('/');
  const isFull = call.missing.length === 0;
  const wall = wallFormat.format(call.startedAt);
  const id = `#${call.id}`;
  switch (call.provider) {
    case 'callkeeper': {
      const date = new Date(call.startedAt).toISOString().slice(0, 19).replace('T', ' ');
      const phones = { phone1: '74950000001^12', phone2: call.phone };
      const extras = { duration_min: '1', record_url: '', visit_info: { current: { utm_source: 'yandex' } } };
      const told = { id, status_code: Number(code), status2_code: code2, ...phones, date };
      const record = { ...told, duration2_sec: String(talkSeconds), ...(isFull ? extras : {}) };
      return spoil(record, call.odd, {
        number: { id: null },
        date: { date: '0000-00-00 00:00:00' },
        kinds: { duration2_sec: { no: 'number' }, phone1: ['none'] },
      });
    }
    case 'calltouch': {
      const extras = { utmSource: 'google', sessionId: '#12345678901234567890' };
      const told = { callId: id, timestamp: call.startedAt / 1000, callerNumber: call.phone };
      const record = { ...told, successful: answered, duration: talkSeconds, ...(isFull ? extras : {}) };
      return spoil(record, call.odd, {
        number: { callId: [] },
        date: { timestamp: 9e15 },
        kinds: { duration: -7, utmSource: { no: 'text' } },
      });
    }
    case 'pozvonim': {
      const told = { id, client: call.phone, start_at: wall, duration: talkSeconds, status: Number(status) };
      const record = { ...told, ...(isFull ? { manager: '74950000001', created_at: wall } : {}) };
      return spoil(record, call.odd, {
        number: { id: { no: 'number' } },
        date: { start_at: '2026-13-45 10:00:00', created_at: 7 },
        kinds: { duration: 'long', manager: 'Anna' },
      });
    }
  }
}

function spoil(record: object, odd: WorldCall['odd'], by: Record<'number' | 'date' | 'kinds', object>) {
  return { ...record, ...(odd === undefined ? {} : by[odd]) };
}

function truth(call: WorldCall, at: number) {
  const isSettled = at >= call.settledAt;
  const underWay = { callkeeper: '1/0', calltouch: 'unsuccessful', pozvonim: '2' }[call.provider];
  const status = isSettled ? call.status : underWay;
  const answered = isSettled && call.talkSeconds > 0;
  return { status, answered, talkSeconds: answered ? call.talkSeconds : 0 };
}

async function answer(world: World, request: IncomingMessage, response: ServerResponse) {
  const url = new URL(request.url ?? '/', 'http://world');
  const body = new URLSearchParams(await text(request));
  const provider = url.pathname.startsWith('/v2u')
    ? 'pozvonim'
    : url.pathname.startsWith('/calls-service')
      ? 'calltouch'
      : 'callkeeper';
  const fault = world.faults(provider);
  const write = (status: number, value: unknown) => {
    const json = typeof value === 'string' ? value : JSON.stringify(value);
    world.requests.push({ provider, path: url.pathname, bytes: json.length });
    response.writeHead(status, { 'content-type': 'application/json' }).end(json);
  };
  if (fault === 'error') return write(502, '<h1>Bad Gateway</h1>');
  if (fault === 'too-many') return write(429, '');
  if (fault === 'hang') return void world.requests.push({ provider, path: url.pathname, bytes: 0 });
  if (fault === 'reset') {
    world.requests.push({ provider, path: url.pathname, bytes: 0 });
    return request.socket.resetAndDestroy();
  }
  if (provider === 'callkeeper') return write(200, callkeeper(world, body));
  if (url.pathname === '/calls-service/RestAPI/requests') return write(200, leadJournal(world, url.searchParams));
  if (provider === 'calltouch') return write(200, calltouch(world, url.searchParams));
  if (url.pathname === '/v2u/auth/token')
    return write(200, { token: 'token', expire: Math.floor(world.now / 1000) + 14_400 });
  if (url.pathname === '/v2u/profile') return write(200, { timezone: pozvonimZone });
  return write(200, pozvonim(world, url.searchParams));
}

/** Numbers beyond 2^53 leave as numbers, as PHP writes them. */
function withLongIds(records: object[]): string {
  return JSON.stringify(records).replaceAll(/"#(\d+)"/g, '$1');
}

function callkeeper(world: World, params: URLSearchParams): string {
  const from = Date.parse(`${params.get('date[from]')}Z`);
  const to = Date.parse(`${params.get('date[to]')}Z`);
  const records = visible(world, 'callkeeper')
    .filter(({ startedAt }) => startedAt >= from && startedAt <= to)
    .map((call) => recordOf(call, world.now));
  return `{"result": ${withLongIds(records)}}`;
}

function calltouch(world: World, params: URLSearchParams) {
  const dayOf = (name: string) => {
    const [date = '', month = '', year = ''] = (params.get(name) ?? '').split('/');
    return Date.parse(`${year}-${month}-${date}T00:00:00+03:00`);
  };
  const [from, to] = [dayOf('dateFrom'), dayOf('dateTo') + day];
  const page = Number(params.get('page') ?? 1);
  const limit = Math.min(Number(params.get('limit') ?? 1000), world.pageSize);
  const all = visible(world, 'calltouch').filter(({ startedAt }) => startedAt >= from && startedAt < to);
  const records = all.slice((page - 1) * limit, page * limit).map((call) => recordOf(call, world.now));
  const pageTotal = Math.ceil(all.length / limit);
  return `{"page": ${page}, "pageTotal": ${pageTotal}, "pageSize": ${records.length}, "recordsTotal": ${all.length}, "records": ${withLongIds(records)}}`;
}

/** Days are those of Moscow, the month before the day. */
function leadJournal({ leads, now }: World, params: URLSearchParams): string {
  const dayOf = (name: string) => {
    const [month = '', date = '', year = ''] = (params.get(name) ?? '').split('/');
    return Date.parse(`${year}-${month}-${date}T00:00:00+03:00`);
  };
  const [from, to] = [dayOf('dateFrom'), dayOf('dateTo') + day];
  const records = leads
    .filter(({ createdAt }) => createdAt <= now && createdAt >= from && createdAt < to)
    .map(({ id, createdAt, phone, name, settledAt }) => ({
      requestId: `#${id}`,
      requestNumber: `order ${id}`,
      date: createdAt,
      status: now >= settledAt ? 'SUCCESSFUL' : 'NOT_SET',
      client: { fio: name, phones: [{ phoneNumber: phone, phoneType: 'OTHER' }], contacts: [] },
      session: null,
    }));
  return withLongIds(records);
}

const wallFormat = new Intl.DateTimeFormat('sv-SE', {
  timeZone: pozvonimZone,
  dateStyle: 'short',
  timeStyle: 'medium',
});

function toldStart({ provider, startedAt }: WorldCall): number {
  const hourBefore = startedAt - 60 * minute;
  const isTold = provider !== 'pozvonim' || wallFormat.format(hourBefore) !== wallFormat.format(startedAt);
  return isTold ? startedAt : hourBefore;
}

function pozvonim(world: World, params: URLSearchParams): string {
  const [from = '', to = ''] = [params.get('start_at'), params.get('end_at')].map(String);
  const isNear = ({ startedAt }: WorldCall) =>
    startedAt > Date.parse(`${from}Z`) - day && startedAt < Date.parse(`${to}Z`) + day;
  const records = visible(world, 'pozvonim')
    .filter(isNear)
    .map((call) => ({ call, wall: wallFormat.format(call.startedAt) }))
    .filter(({ wall }) => wall >= from && wall <= to)
    .map(({ call }) => recordOf(call, world.now));
  return withLongIds(records);
}

function visible({ calls, now }: World, provider: WorldCall['provider']): WorldCall[] {
  return calls.filter((call) => call.provider === provider && call.startedAt <= now);
}
