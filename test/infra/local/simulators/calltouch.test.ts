import { beforeEach, describe, expect, test } from 'vitest';
import { createCalltouchSimulator } from '../../../../infra/local/simulators/calltouch.ts';
import { createMemoryJournal, type Simulator } from '../../../../infra/local/simulators/simulator.ts';

/** 22 November 2026, 12:00:00 in Moscow. */
const noon = Date.UTC(2026, 10, 22, 9);

let now: number;
let simulator: Simulator;
beforeEach(() => {
  now = noon;
  let id = 0;
  simulator = createCalltouchSimulator({
    accounts: { main: { siteId: '18990', apiToken: 'token', routeKey: 'widget' } },
    clock: () => now,
    journal: createMemoryJournal(),
    random: () => ++id,
  });
});

const ask = (method: string, target: string, body = '', address = '203.0.113.7') => {
  const url = new URL(target, 'http://calltouch');
  const headers = { 'content-type': 'application/x-www-form-urlencoded', 'access-token': 'token' };
  return simulator.handle({ method, path: url.pathname, query: url.searchParams, headers, body, address });
};
const registerPath = '/calls-service/RestAPI/requests/18990/register/';
const callbackPath = '/widget-service/v1/api/widget-request/user-form/create';

describe('the simulated Calltouch', () => {
  test('serves five requests in any second from one address, the others get 429', () => {
    const statuses = Array.from({ length: 11 }, () => ask('POST', registerPath, 'fio=x').status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429, 429, 429, 429, 429]);
    expect(ask('POST', registerPath, 'fio=x', '203.0.113.8').status).toBe(200);
    now += 999;
    expect(ask('POST', registerPath, 'fio=x').status).toBe(429);
    now += 1;
    expect(ask('POST', registerPath, 'fio=x').status).toBe(200);
  });

  test('registers by GET as well, with the document’s sample', () => {
    const sample = 'subject=Моя форма&requestNumber=zi0D8c0c&requestUrl=http://test.ru&sessionId=1845461367&fio=Вася';
    expect(JSON.parse(ask('GET', `${registerPath}?${sample}&phoneNumber=79205550055`).body)).toMatchObject({
      requestId: 1,
      requestNumber: 'zi0D8c0c',
      subject: 'Моя форма',
      session: { sessionId: 1_845_461_367 },
    });
  });

  test('says under HTTP 200 that not a single parameter was given', () => {
    const answer = ask('POST', registerPath);
    expect(answer).toMatchObject({
      status: 200,
      body: expect.stringContaining('не указано ни одного входного параметра'),
    });
  });

  const fields = Array.from({ length: 21 }, (_, index) => `customField[f${index}]=x`).join('&');
  test.each([
    ['subject=x', 'fio, phoneNumber or email'],
    ['fio=x&sessionId=', 'sessionId'],
    ['fio=x&sessionId=undefined', 'sessionId'],
    [`fio=x&${fields}`, 'customField'],
    [`fio=x&subject=${'s'.repeat(257)}`, 'subject'],
    [`fio=x&requestNumber=${'s'.repeat(257)}`, 'requestNumber'],
    ['fio=x&requestDate=22/11/2026 10:00:00', 'requestDate'],
    ['fio=x&requestDate=31.02.2026 10:00:00', 'requestDate'],
    ['phoneNumber=920555005', 'phoneNumber'],
  ])('refuses %s under HTTP 200', (body, message) => {
    const answer = ask('POST', registerPath, body);
    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body)).toMatchObject({ errorCode: 400, message: expect.stringContaining(message) });
  });

  const journal = '/calls-service/RestAPI/18990/calls-diary/calls?clientApiId=token';
  const requests = '/calls-service/RestAPI/requests?clientApiId=token&siteId=18990';
  test.each([
    [`${journal}&dateFrom=11/22/2026&dateTo=11/22/2026`, 'not valid'],
    [`${journal}&dateFrom=01/01/2026&dateTo=01/04/2026`, 'three months'],
    [`${journal}&dateFrom=01/01/2026&dateTo=01/01/2026&page=1&limit=1001`, '1 to 1000'],
    [`${journal}&dateFrom=01/01/2026&dateTo=01/01/2026&page=0`, 'page'],
    [`${requests}&dateFrom=22/11/2026&dateTo=22/11/2026`, 'not valid'],
    [`${requests}&dateFrom=01/01/2026&dateTo=04/01/2026`, 'three months'],
  ])('refuses %s', (target, message) => {
    expect(JSON.parse(ask('GET', target).body)).toMatchObject({
      errorCode: 400,
      message: expect.stringContaining(message),
    });
  });

  test('lets a call ring, be talked over and end, and lists it after the lag', () => {
    simulator.setListLag(20_000);
    ask('POST', callbackPath, JSON.stringify({ routeKey: 'widget', phone: '79205550055' }));
    const states: string[] = [];
    const listed: number[] = [];
    for (const seconds of [0, 3, 10, 19, 20, 40]) {
      now = noon + seconds * 1000;
      states.push(simulator.calls()[0]?.state ?? 'none');
      listed.push(JSON.parse(ask('GET', `${journal}&dateFrom=22/11/2026&dateTo=22/11/2026`).body).length);
    }
    expect(states).toEqual(['waiting', 'ringing', 'talking', 'talking', 'talking', 'over']);
    expect(listed).toEqual([0, 0, 0, 0, 1, 1]);
  });

  test('lets nobody pick up at a number that ends in 0', () => {
    ask('POST', callbackPath, JSON.stringify({ routeKey: 'widget', phone: '79205550050' }));
    now += 60_000;
    expect(simulator.calls()).toMatchObject([{ state: 'over', status: 'unsuccessful' }]);
  });

  test.each([
    [{ routeKey: 'gone', phone: '79205550055' }, 10003],
    [{ phone: '79205550055' }, 10007],
    [{ routeKey: 'widget', phone: '79205550055', scheduleTime: 'tomorrow' }, 10007],
    [{ routeKey: 'gone', phone: '7920' }, 10013],
  ])('refuses the callback %j', (body, errorCode) => {
    const answer = ask('POST', callbackPath, JSON.stringify(body));
    expect(JSON.parse(answer.body)).toMatchObject({ data: { apiErrorData: { errorCode } } });
    expect(simulator.calls()).toEqual([]);
  });
});
