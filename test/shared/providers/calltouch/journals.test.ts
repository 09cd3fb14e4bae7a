import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { periods } from '#shared/providers/calltouch/moscow.ts';
import { calltouch } from '#shared/providers/calltouch/provider.ts';
import { readCall, readRequest } from '#shared/providers/calltouch/wire.ts';
import { listen } from '../../../support/listen.ts';
import { account, type Calltouch, noon, order, startCalltouch } from './set-up.ts';

let service: Calltouch;
beforeEach(async () => {
  service = await startCalltouch();
});
afterEach(() => service.close());

const addCall = (ringAt: number, client = '79205550055') => {
  const id = String(1000 + service.journal.records.length);
  service.journal.add({ id, account: 'main', client, manager: '', text: '', orderedAt: ringAt, ringAt, params: {} });
};

/** A server that answers everything the same, and remembers what it was asked. */
const answering = async (body: (url: URL) => string) => {
  const asked: URLSearchParams[] = [];
  const server = await listen(
    createServer((request, response) => {
      const url = new URL(request.url ?? '', 'http://calltouch');
      asked.push(url.searchParams);
      response.end(body(url));
    }),
  );
  const connection = calltouch.connect(account, { ...service.ports, origin: server.origin });
  return { asked, connection, close: server.close };
};

describe('the journal of calls', () => {
  test('is read page by page to its end', async () => {
    for (let index = 0; index < 7; index++) addCall(noon - index * 60_000);
    const params = { dateFrom: '22/11/2026', dateTo: '22/11/2026', limit: 3 };
    const records = (await service.connect().invoke('calls', params)) as { callId: number }[];
    expect(records.map(({ callId }) => callId)).toEqual([1000, 1001, 1002, 1003, 1004, 1005, 1006]);
  });

  test('is read from one page alone when that is named', async () => {
    for (let index = 0; index < 7; index++) addCall(noon - index * 60_000);
    const day = { dateFrom: '22/11/2026', dateTo: '22/11/2026' };
    const { connection, asked, close } = await answering(() => '{"pageTotal": 3, "records": [{"callId": 4}]}');
    expect(await connection.invoke('calls', { ...day, page: 2, limit: 1 })).toEqual([{ callId: 4 }]);
    await close();
    expect(asked.map((query) => [query.get('page'), query.get('limit')])).toEqual([['2', '1']]);
    expect(await service.connect().invoke('calls', { ...day, page: 3, limit: 3 })).toMatchObject([{ callId: 1006 }]);
    expect(await service.connect().invoke('calls', { ...day, page: 4, limit: 3 })).toEqual([]);
  });

  test('is asked for a thousand records a page unless told', async () => {
    for (let index = 0; index < 1001; index++) addCall(noon - index);
    const records = await service.connect().invoke('calls', { dateFrom: '22/11/2026', dateTo: '22/11/2026' });
    expect(records).toHaveLength(1001);
  });

  test('of more than three months is asked for in parts that the service accepts', async () => {
    addCall(Date.UTC(2025, 10, 30, 12));
    addCall(Date.UTC(2026, 1, 28, 12));
    addCall(Date.UTC(2026, 9, 1, 12));
    const params = { dateFrom: '30/11/2025', dateTo: '22/11/2026' };
    const records = (await service.connect().invoke('calls', params)) as { callId: number }[];
    expect(records.map(({ callId }) => callId)).toEqual([1000, 1001, 1002]);
  });

  test('may come as a bare array', async () => {
    const { connection, asked, close } = await answering(() => '[{"callId": 1}]');
    const records = await connection.invoke('calls', {
      dateFrom: '22/11/2026',
      dateTo: '22/11/2026',
      withCallTags: true,
    });
    await close();
    expect(records).toEqual([{ callId: 1 }]);
    expect(Object.fromEntries(asked[0] ?? [])).toEqual({
      clientApiId: 'token-of-18990',
      dateFrom: '22/11/2026',
      dateTo: '22/11/2026',
      withCallTags: '1',
      page: '1',
      limit: '1000',
    });
  });

  test('keeps records as they came, digits beyond 2^53 included', async () => {
    const raw = '{"callId": 5, "ctClientId": 90071992547409933, "unheardOf": {"a": [1]}}';
    const { connection, close } = await answering(() => `{"pageTotal": 1, "records": [${raw}]}`);
    const records = await connection.invoke('calls', { dateFrom: '22/11/2026', dateTo: '22/11/2026' });
    await close();
    expect(records).toEqual([{ callId: 5, ctClientId: '90071992547409933', unheardOf: { a: [1] } }]);
  });

  test.each([
    [{ dateFrom: '11/22/2026', dateTo: '11/22/2026' }, 'dateFrom must be a day such as 31/01/2026'],
    [{ dateFrom: '31/02/2026', dateTo: '01/03/2026' }, 'dateFrom must be a day'],
    [{ dateFrom: '02/01/2026', dateTo: '01/01/2026' }, 'dateTo must not be before dateFrom'],
    [{ dateFrom: '01/01/2026' }, 'dateTo is required'],
    [{ dateFrom: '01/01/2026', dateTo: '02/01/2026', limit: 1001 }, 'limit'],
    [{ dateFrom: '01/01/2026', dateTo: '02/01/2026', page: 0 }, 'page'],
    [{ dateFrom: '01/01/2026', dateTo: '01/06/2026', page: 1 }, 'page is one of a single request'],
  ])('refuses %j before asking', async (params, message) => {
    await expect(service.connect().invoke('calls', params)).rejects.toThrow(message);
  });
});

describe('the journal of requests', () => {
  test('has its days the other way round, and shows what was registered', async () => {
    await service.connect().trackLead?.(order);
    const params = { dateFrom: '11/22/2026', dateTo: '11/22/2026' };
    const [record = {}, ...others] = (await service.connect().invoke('requests', params)) as Record<string, unknown>[];
    expect(others).toEqual([]);
    expect(readRequest(record)).toEqual({
      requestId: String(record['requestId']),
      requestNumber: 'lead-1',
      phone: '79205550055',
      createdAt: noon,
    });
    await expect(
      service.connect().invoke('requests', { dateFrom: '22/11/2026', dateTo: '22/11/2026' }),
    ).rejects.toThrow('dateFrom must be a day such as 01/31/2026 (mm/dd/yyyy)');
  });

  test('of more than three months is asked for in parts', async () => {
    await service.connect().trackLead?.(order);
    const records = await service.connect().invoke('requests', { dateFrom: '01/01/2026', dateTo: '12/31/2026' });
    expect(records).toHaveLength(1);
  });
});

describe('the fields of a record', () => {
  test('of a call', async () => {
    service.time.now = noon - 120_000;
    await service.connect().placeCall?.(order);
    service.time.now = noon;
    const params = { dateFrom: '22/11/2026', dateTo: '22/11/2026' };
    const [record = {}] = (await service.connect().invoke('calls', params)) as Record<string, unknown>[];
    const startedAt = Math.floor((service.simulator.calls()[0]?.ringAt ?? 0) / 1000) * 1000;
    const call = { status: 'successful', answered: true, talkSeconds: 30, startedAt, recordUrl: null };
    expect(readCall(record)).toEqual({ ...call, callId: String(record['callId']), phone: '79205550055' });
    const { timestamp: _, ...undated } = record;
    expect(readCall(undated).startedAt).toBe(startedAt);
  });

  test('of a call that say nothing stay empty', () => {
    expect(readCall({ callerNumber: 'Anonymous', duration: '', date: '' })).toEqual({
      callId: '',
      phone: '',
      status: 'unsuccessful',
      answered: false,
      talkSeconds: null,
      startedAt: null,
      recordUrl: null,
    });
  });
});

describe('looking for a call', () => {
  const query = { phone: order.phone, from: noon - 60_000, to: noon + 60_000 };

  test('crosses midnight in Moscow', async () => {
    const midnight = Date.UTC(2026, 10, 21, 21);
    addCall(midnight - 1000);
    addCall(midnight + 1000);
    const found = await service.connect().findCalls?.({ ...query, from: midnight - 60_000, to: midnight + 60_000 });
    expect(found?.map(({ providerId }) => providerId)).toEqual(['1000', '1001']);
  });

  test('passes over calls that the client made himself', async () => {
    const record = `{"callId": 1, "callerNumber": "79205550055", "timestamp": ${noon / 1000}, "callbackCall": false}`;
    const { connection, close } = await answering(() => `[${record}]`);
    expect(await connection.findCalls?.(query)).toEqual([]);
    await close();
  });

  test('does not pass over a call of this phone without a date', async () => {
    const { connection, close } = await answering(() => '[{"callId": 1, "callerNumber": "89205550055"}]');
    await expect(connection.findCalls?.(query)).rejects.toMatchObject({ fault: 'unknown' });
    await close();
  });

  test('does not pass over a call of this phone without a number', async () => {
    const record = `{"callerNumber": "79205550055", "timestamp": ${noon / 1000}}`;
    const { connection, close } = await answering(() => `[${record}]`);
    await expect(connection.findCalls?.(query)).rejects.toMatchObject({ fault: 'unknown' });
    await close();
  });

  test.each([
    ['a wrong token', '{"errorCode": 403, "message": "Access denied"}', 'account'],
    ['something else', '{"pageTotal": 1}', 'unknown'],
    ['a page of HTML', '<html>', 'unknown'],
  ])('says so when the journal answers %s', async (_what, body, fault) => {
    const { connection, close } = await answering(() => body);
    await expect(connection.findCalls?.(query)).rejects.toMatchObject({ name: 'ProviderError', fault });
    await close();
  });
});

describe('the periods of one request', () => {
  test.each(['2025-11-30', '2026-01-01', '2026-01-31', '2024-02-29'])(
    'from %s join, and none exceeds three months',
    (from) => {
      const to = '2027-03-15';
      const parts = periods(from, to);
      expect(parts[0]?.from).toBe(from);
      expect(parts.at(-1)?.to).toBe(to);
      parts.forEach((part, index) => {
        const [year = 0, month = 0, day = 0] = part.from.split('-').map(Number);
        // The same day three months on, or the month's last.
        const limit = new Date(Math.min(Date.UTC(year, month + 2, day), Date.UTC(year, month + 3, 0)));
        expect(Date.parse(part.to)).toBeLessThan(limit.getTime());
        const next = parts[index + 1];
        if (next !== undefined) expect(Date.parse(next.from) - Date.parse(part.to)).toBe(86_400_000);
      });
    },
  );
});
