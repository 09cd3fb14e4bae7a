import { expect, test } from 'vitest';
import type * as z from 'zod';
import {
  createWidgetSchema,
  entriesOf,
  makeCallsSchema,
  orderAnswerSchema,
  orderCallSchema,
  periodSchema,
  recordsAnswerSchema,
  statusesSchema,
  tagSchema,
} from '#shared/providers/callkeeper/wire.ts';

function problems(schema: z.ZodType, input: unknown): string[] {
  const issues = schema.safeParse(input).error?.issues ?? [];
  return issues.map(({ path, message }) => `${path.join('.')} ${message}`);
}

const call = (more: Record<string, unknown> = {}) => ({ client: '79161112233', ...more });

test('the orderCall document’s own example passes untouched', () => {
  const example = {
    unique: 'any_string',
    apiak: 'XXXXXXXXXX',
    whash: 'xxxxxxxxxxxxxxx',
    utc: 'europe/moscow',
    opening_hours: '10002000',
    notification: 'your@email.ru',
    tool_name: 'name',
    ga_client_id: '1245784512.3256897854',
    ip_client: '192.168.0.1',
    interval: '5,10,15',
    referrer: 'yandex.ru',
    client: '71234567890',
    manager: '1',
    text_to_manager: 'text_to_manager',
    info_to_manager: 'info_to_manager',
    external_service_identifier: '123456',
    time_to_call: '1522222222',
    site: 'my.site.ru',
    utm_source: 'utm_source',
    entry_point: 'my.site.ru/any/page/',
    user_agent: 'user_agent',
    client_email: 'test@mail.ru',
    calltouch_session_id: 9449450,
    roistat_id: 7492561,
    current_page: 'https://site.ru/page/widget.html',
    record_to_manager: 'https://site.ru/record/voice',
    office_name: 'My office',
  };
  expect(orderCallSchema.parse(example)).toEqual(example);
});

test('the client’s number may have signs in it but no extension', () => {
  expect(problems(orderCallSchema, call({ client: '+7 (916) 111-22_33' }))).toEqual([]);
  expect(problems(orderCallSchema, call({ client: 79161112233 }))).toEqual([]);
  for (const client of ['79161112233^12', 'Anna', '']) {
    expect(problems(orderCallSchema, call({ client }))).toEqual(['client must be a phone number without an extension']);
  }
  expect(problems(orderCallSchema, {})).toEqual(['client is required']);
});

test.each([0, '0', '1', '79999999999', '(+74642512525^4342)', '+7 464 251-25-25^4342'])(
  '%j is a manager',
  (manager) => {
    expect(problems(orderCallSchema, call({ manager }))).toEqual([]);
  },
);

test.each(['79999999999^', '79999999999^12^3', 'sales', '', -1, '-1', 1.5])('%j is no manager', (manager) => {
  expect(problems(orderCallSchema, call({ manager }))).toHaveLength(1);
});

test.each(['09001800', '00002400', '00000000', '09001800100018000900200009001800090018000900180000000000'])(
  'opening hours %s',
  (opening_hours) => {
    expect(problems(orderCallSchema, call({ opening_hours }))).toEqual([]);
    expect(problems(createWidgetSchema, { phone: '79161112233', schedule: opening_hours })).toEqual([]);
  },
);

test('opening hours may be a number where that has all its digits', () => {
  expect(orderCallSchema.parse(call({ opening_hours: 10_002_000 })).opening_hours).toBe('10002000');
  expect(problems(orderCallSchema, call({ opening_hours: 9_001_800 }))).toEqual([
    expect.stringContaining('as text, if they begin with 0'),
  ]);
  expect(problems(orderCallSchema, call({ opening_hours: true }))).toEqual([
    expect.stringContaining('opening hours read 09001800'),
  ]);
});

test.each(['9-18', '0900180', '25001800', '18000900', '0900180009001800'])('no opening hours %s', (opening_hours) => {
  expect(problems(orderCallSchema, call({ opening_hours }))).toHaveLength(1);
  expect(problems(createWidgetSchema, { phone: '79161112233', schedule: opening_hours })).toHaveLength(1);
});

test.each(['Europe/Moscow', 'europe/moscow', 'UTC+03:00', '+0300', '-0930', 'UTC'])('utc %s', (utc) => {
  expect(problems(orderCallSchema, call({ utc }))).toEqual([]);
});

test.each(['Moscow', 'UTC+3', '+2500', ''])('no utc %j', (utc) => {
  expect(problems(orderCallSchema, call({ utc }))).toHaveLength(1);
});

test('time_to_call is Unix seconds, never milliseconds or a date', () => {
  expect(problems(orderCallSchema, call({ time_to_call: '1479732377' }))).toEqual([]);
  expect(problems(orderCallSchema, call({ time_to_call: 1479732377 }))).toEqual([]);
  for (const time_to_call of [1479732377000, '2026-11-22', 14797.5, -1]) {
    expect(problems(orderCallSchema, call({ time_to_call }))).toEqual([
      'time_to_call must be an instant in Unix seconds',
    ]);
  }
});

test('each of several calls is checked, its utm too, and named by its place', () => {
  expect(problems(makeCallsSchema, { calls: [call({ utm: { utm_source: 'yandex', utm_type: 'organic' } })] })).toEqual(
    [],
  );
  expect(problems(makeCallsSchema, { calls: [call(), { site: 'acme.example' }] })).toEqual([
    'calls.1.client is required',
  ]);
  expect(problems(makeCallsSchema, { calls: [call({ utm: { utm_type: 'paid' } })] })[0]).toMatch(
    /^calls\.0\.utm\.utm_type /,
  );
  expect(problems(makeCallsSchema, { calls: [] })).toEqual(['calls must hold at least one call']);
  expect(problems(makeCallsSchema, {})).toEqual(['calls is required']);
  expect(problems(makeCallsSchema, { calls: 'one' })).toEqual(['calls must be a list of calls']);
});

test('a period is two bounds, one, or all time', () => {
  for (const date of ['', { from: '2017-05-01' }, { from: '2017-05-01', to: '2017-06-01T23:59:59' }]) {
    expect(problems(periodSchema, { date })).toEqual([]);
  }
  expect(problems(periodSchema, {})).toEqual(['date is required']);
  for (const date of ['2017-05-01', {}, ['2017-05-01']]) expect(problems(periodSchema, { date })).toHaveLength(1);
  expect(problems(periodSchema, { date: '', time_zone: 'Moscow' })).toHaveLength(1);
});

test('statuses are pairs of codes', () => {
  expect(problems(statusesSchema, { date: '', statuses: '200/0,200/1,200/200' })).toEqual([]);
  expect(problems(statusesSchema, { date: '' })).toEqual(['statuses is required']);
  expect(problems(statusesSchema, { date: '', statuses: '200' })).toHaveLength(1);
});

test('a tag is set unless another action is named, and there is no other', () => {
  expect(tagSchema.parse({ tag: 'hot', call_id: 1 })).toEqual({ action: 'set', tag: 'hot', call_id: 1 });
  expect(problems(tagSchema, { action: 'drop', tag: 'hot', call_id: 1 })).toHaveLength(1);
});

test('what the documents do not name goes along', () => {
  expect(orderCallSchema.parse(call({ new_parameter: 'x' }))).toHaveProperty('new_parameter', 'x');
});

test('a list of records is found under result and bare, alone and empty', () => {
  const record = { id: '1', phone2: 79161112233, date: '2026-11-22 09:00:00', status_code: '200', extra: { deep: 1 } };
  for (const answer of [[record], { result: [record] }, { result: record }, record]) {
    expect(entriesOf(recordsAnswerSchema.parse(answer))).toEqual([record]);
  }
  const odd = [7, { phone2: '79161112233' }, { ...record, id: { no: 'id' } }, null];
  expect(entriesOf(recordsAnswerSchema.parse({ result: [record, ...odd] }))).toEqual([record, ...odd]);
  for (const answer of [[], { result: [] }, { result: null }]) {
    expect(entriesOf(recordsAnswerSchema.parse(answer))).toEqual([]);
  }
  for (const answer of [null, 'none', 7, [7], { result: 'none' }, [{ status: 'fail', reason: 'Unknown user' }]]) {
    expect(recordsAnswerSchema.safeParse(answer).success).toBe(false);
  }
});

test('an order’s answer is a list of entries with a status, and nothing else', () => {
  const entry = { id: '123456', manager: '79999999999^_', client: '799999999998', status: 'success' };
  expect(entriesOf(orderAnswerSchema.parse([entry]))).toEqual([entry]);
  expect(entriesOf(orderAnswerSchema.parse({ result: [entry] }))).toEqual([entry]);
  for (const answer of [entry, {}, null, 'success', [{ id: '1' }], [{ ...entry, id: {} }]]) {
    expect(orderAnswerSchema.safeParse(answer).success).toBe(false);
  }
});
