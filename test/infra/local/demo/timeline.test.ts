import { expect, test } from 'vitest';
import type { DemoDelivery, DemoLead } from '../../../../infra/local/demo/state.ts';
import { timelineOf } from '../../../../infra/local/demo/timeline.ts';
import type { SimulatedCall } from '../../../../infra/local/simulators/simulator.ts';

const sentAt = Date.UTC(2026, 10, 22, 9);

function lead(...deliveries: Partial<DemoDelivery>[]): DemoLead {
  const fresh: DemoDelivery = {
    kind: 'call',
    account: 'main',
    state: 'READY',
    attempts: 0,
    providerId: null,
    reason: null,
    refusals: [],
    nextAt: sentAt,
    updatedAt: sentAt,
  };
  return {
    id: 'lead-1',
    form: 'callback',
    state: 'open',
    createdAt: sentAt,
    phone: '+79990004567',
    name: 'Anna',
    deliveries: deliveries.map((delivery) => ({ ...fresh, ...delivery })),
  };
}

const placed: Partial<DemoDelivery> = {
  state: 'PLACED',
  attempts: 1,
  providerId: '4711',
  nextAt: null,
  updatedAt: sentAt + 400,
};

function call(changes: Partial<SimulatedCall> = {}): SimulatedCall {
  return {
    id: '4711',
    account: 'main',
    client: '79990004567',
    manager: '74950000000',
    text: 'Call me back',
    orderedAt: sentAt + 300,
    ringAt: sentAt + 300,
    params: {},
    provider: 'callkeeper',
    state: 'ringing',
    status: '1/0',
    ...changes,
  };
}

/** Steps as `offset state title: detail`. */
function read(of: DemoLead, calls: SimulatedCall[] = [], now = sentAt + 1_000) {
  return timelineOf(of, calls, now).map(({ at, title, detail }) => {
    const offset = at === undefined ? '' : `+${at - sentAt} `;
    return `${offset}${title}: ${detail}`;
  });
}

test('a form that has just been received waits for its account', () => {
  expect(read(lead({}))).toEqual(['+0 Form received: Anna', '+0 READY: main']);
});

test('a placed call shows when the provider took it and that it rings', () => {
  expect(read(lead(placed), [call()])).toEqual([
    '+0 Form received: Anna',
    '+300 CALLING: main, attempt 1',
    '+400 PLACED: main, call 4711',
    'Rings: the manager first, then the visitor',
  ]);
});

test('an answered call says so, without inventing when', () => {
  expect(read(lead(placed), [call({ state: 'talking' })]).slice(3)).toEqual([
    'Rings: the manager first, then the visitor',
    'Answered: status 1/0',
  ]);
});

test('a deferred call shows when it will ring', () => {
  const deferred = call({ state: 'waiting', ringAt: sentAt + 3_600_000 });
  expect(read(lead(placed), [deferred]).at(-1)).toBe('+3600000 Rings later: the manager first, then the visitor');
});

test('the same number at another account is another call', () => {
  expect(read(lead(placed), [call({ account: 'other' })])).toEqual([
    '+0 Form received: Anna',
    '+400 PLACED: main, call 4711',
  ]);
});

test('accounts that refused come before the one that took it', () => {
  const refusals = [{ account: 'main', reason: 'the widget is disabled', at: sentAt + 200 }];
  expect(read(lead({ ...placed, account: 'spare', refusals }))).toEqual([
    '+0 Form received: Anna',
    '+200 main refused: the widget is disabled',
    '+400 PLACED: spare, call 4711',
  ]);
});

test('a retry shows its time and its reason', () => {
  const waiting = { attempts: 1, reason: 'status 429', nextAt: sentAt + 3_000, updatedAt: sentAt + 100 };
  expect(read(lead(waiting)).at(-1)).toBe('+3000 READY: main again, after attempt 1: status 429');
});

test('each copy has its own steps', () => {
  const copy = { ...placed, kind: 'track' as const, account: 'calltouch', providerId: '12' };
  expect(read(lead(placed, copy)).slice(1)).toEqual([
    '+400 PLACED: main, call 4711',
    '+400 PLACED: copy to calltouch, request 12',
  ]);
});
