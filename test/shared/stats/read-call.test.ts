import { describe, expect, test } from 'vitest';
import { parseJson } from '#shared/http/json.ts';
import * as callkeeper from '#shared/providers/callkeeper/stats.ts';
import * as calltouch from '#shared/providers/calltouch/stats.ts';
import * as pozvonim from '#shared/providers/pozvonim/stats.ts';
import { type CallRecord, readCallRecords } from '#shared/providers/pozvonim/wire.ts';
import { callSchema } from '#shared/stats/call.ts';
import { isOdd } from '#shared/stats/odd-record.ts';
import { readPhone } from '#shared/stats/read-field.ts';

const full = { provider: 'p', account: 'a', leadId: null, leadAcceptedAt: null };

describe('a record of CallKeeper', () => {
  const record = {
    id: '9721917',
    visit_info: { current: { utm_source: 'yandex', utm_term: 'роза' }, session: { cpg: 'https://acme.example/roses' } },
    status_code: '200',
    status2_code: 486,
    ga_clientid: '1526128712.1513128077',
    phone1: '74950000001^12',
    phone2: '8 (916) 111-22-33',
    date: '2018-12-04 12:14:54',
    duration_sec: '35',
    duration_min: '1',
    duration2_sec: '0',
    record_url: ' ',
    roistat_visit: null,
    attempt: '2',
    site: 'acme.example',
  };

  test('has no billed seconds where no file could hold them', () => {
    expect(callkeeper.readCall({ ...record, duration_min: '40000000' }).billedSeconds).toBeNull();
  });

  test('is read by its document', () => {
    const call = callkeeper.readCall(record);
    expect(callSchema.parse({ ...call, ...full })).toBeDefined();
    expect(call).toMatchObject({
      callId: '9721917',
      status: '200/486',
      outcome: 'busy',
      failedSide: 'client',
      final: true,
      answered: false,
      startedAt: 1543925694000,
      timeZone: 'UTC',
      talkSeconds: 0,
      totalSeconds: 35,
      billedSeconds: 60,
      attempt: 2,
      phone: '+79161112233',
      managerPhone: '+74950000001',
      recordUrl: null,
      site: 'acme.example',
      pageUrl: 'https://acme.example/roses',
      utmSource: 'yandex',
      utmMedium: null,
      utmTerm: 'роза',
      gaClientId: '1526128712.1513128077',
      roistatId: null,
    });
    expect(JSON.parse(call.raw)).toEqual(record);
  });

  test('that says next to nothing is a call all the same', () => {
    const call = callkeeper.readCall({ id: 5 });
    expect(callSchema.parse({ ...call, ...full })).toMatchObject({
      callId: '5',
      status: null,
      outcome: 'unknown',
      startedAt: null,
    });
  });

  test('with a status that nobody knows keeps it', () => {
    expect(callkeeper.readCall({ id: 5, status_code: 777, status2_code: 42 })).toMatchObject({
      status: '777/42',
      outcome: 'unknown',
      final: false,
    });
  });

  test('comes by a hook with its instant in seconds too', () => {
    const hook = { ...record, date: '', date_timestamp: 1543925694, hook_event: 'Call is over' };
    expect(callkeeper.readHook(hook)).toMatchObject({ callId: '9721917', startedAt: 1543925694000 });
    expect(callkeeper.readHook({ hook_event: 'Something else' })).toBeUndefined();
  });

  test('goes to the account of its widget, one without a widget to the first', () => {
    const accounts = { one: { whash: 'w1' }, two: { walias: 'w2' } };
    const of = (widget_hash: string) => callkeeper.accountOf({ raw: JSON.stringify({ widget_hash }) }, accounts);
    expect([of('w1'), of('w2'), of('w3'), of('')]).toEqual(['one', 'two', 'one', 'one']);
  });
});

describe('a record of Calltouch', () => {
  test('keeps numbers beyond 2^53', () => {
    const record = parseJson(
      '{"callId": 12345678901234567890, "sessionId": 98765432109876543210, "timestamp": 1543925694}',
    );
    const call = calltouch.readCall(record as Record<string, unknown>);
    expect(call).toMatchObject({
      callId: '12345678901234567890',
      calltouchSessionId: '98765432109876543210',
      startedAt: 1543925694000,
      timeZone: 'Europe/Moscow',
    });
    expect(call.raw).toContain('12345678901234567890');
  });

  test('without a number is told from others by what it says', () => {
    const [one, same, other] = [{ duration: 1 }, { duration: 1 }, { duration: 2 }].map(
      (record) => calltouch.readCall(record).callId,
    );
    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  test('comes by a hook that says how far the call is', () => {
    const connected = { id: '7', callphase: 'callconnected', callerphone: '79161112233', timestamp: '1543925694' };
    expect(calltouch.readHook(connected)).toMatchObject({
      callId: '7',
      phone: '+79161112233',
      outcome: 'in-progress',
      final: false,
    });
    const completed = { ...connected, callphase: 'callcompleted', status: 'successful', duration: '31' };
    expect(calltouch.readHook(completed)).toMatchObject({
      status: 'successful',
      answered: true,
      talkSeconds: 31,
      final: true,
    });
    expect(calltouch.readHook({ callphase: 'callconnected' })).toBeUndefined();
  });
});

const odd = { duration2_sec: { no: 'number' }, duration: -5, date: '0000-00-00 00:00:00', timestamp: 1e300 };
describe.each([
  ['CallKeeper', callkeeper.readCall],
  ['Calltouch', calltouch.readCall],
  ['Pozvonim', (record: unknown) => pozvonim.readCall(readCallRecords([record], 'UTC')[0] as CallRecord, 'UTC')],
])('an odd record of %s', (_provider, readCall) => {
  test.each([
    ['without a number', odd],
    ['whose number is none', { ...odd, id: { a: 1 }, callId: [] }],
    ['whose number is longer than any', { ...odd, id: '4'.repeat(257), callId: '4'.repeat(257) }],
    ['that is no record', 7],
    ['that is nothing', null],
  ])('%s is a call all the same, told from others by what it says', (_how, record) => {
    const call = readCall(record);
    expect(callSchema.parse({ ...call, ...full })).toMatchObject({ startedAt: null, talkSeconds: null, phone: null });
    expect(isOdd(call.callId)).toBe(true);
    expect(JSON.parse(call.raw)).toEqual(record);
    expect(readCall(record).callId).toBe(call.callId);
    expect(readCall({ more: record }).callId).not.toBe(call.callId);
  });
});

test.each([
  ['79161112233', '+79161112233'],
  ['+7 (916) 111-22-33', '+79161112233'],
  ['89161112233', '+79161112233'],
  ['9161112233', '+79161112233'],
  ['+81312345678', '+81312345678'],
  [79161112233, '+79161112233'],
  ['74642512525^4342', '+74642512525'],
  ['sip:anna@acme.example', null],
  ['Anonymous', null],
  ['112', null],
  ['', null],
  [null, null],
])('a phone written as %j is read as %j', (written, read) => {
  expect(readPhone(written)).toBe(read);
});
