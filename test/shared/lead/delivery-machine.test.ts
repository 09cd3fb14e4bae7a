import { describe, expect, test } from 'vitest';
import { type Delivery, type DeliveryState, isDue, newDeliveries } from '#shared/lead/delivery.ts';
import { type Event, step } from '#shared/lead/delivery-machine.ts';
import type { Policy } from '#shared/lead/delivery-schedule.ts';

const second = 1_000;
const minute = 60 * second;
const start = Date.UTC(2026, 10, 22, 9);
const policy = { staleAfter: 30 * minute };
const [first] = newDeliveries({ call: ['main', 'spare'], track: [] }, start) as [Delivery];
const [copy] = newDeliveries({ call: [], track: ['ads'] }, start) as [Delivery];
const claim = { owner: 'me', startedAt: start, deadline: start + 25 * second };

/** One delivery in each state, as the machine itself brings it about. */
const inState: Record<DeliveryState, Delivery> = {
  READY: first,
  CALLING: apply(first, { type: 'claim', owner: 'me', account: 'main', deadline: claim.deadline }),
  PLACED: apply(calling(), { type: 'placed', owner: 'me', providerId: '7' }),
  REJECTED: apply(calling(), failed('lead')),
  UNKNOWN: apply(calling(), failed('unknown')),
  HELD: apply(apply(calling(), failed('unknown')), { type: 'unknowable', attempt: 1, reason: 'two calls' }),
  EXPIRED: apply(first, { type: 'wake' }, start + 31 * minute),
  CANCELLED: apply(first, { type: 'cancel' }),
};

const events: Record<string, Event> = {
  claim: { type: 'claim', owner: 'other', account: 'main', deadline: start + minute },
  'own placed': { type: 'placed', owner: 'me', providerId: '7' },
  "another's placed": { type: 'placed', owner: 'other', providerId: '8' },
  "own lead's fault": failed('lead'),
  "own account's fault": failed('account'),
  'own passing fault': failed('passing'),
  'own unknown end': failed('unknown'),
  "another's fault": failed('lead', 'other'),
  'wake in time': { type: 'wake' },
  found: { type: 'found', attempt: 1, providerId: '7' },
  'found for an older attempt': { type: 'found', attempt: 0, providerId: '7' },
  'not found': { type: 'not-found', attempt: 1, reason: 'not listed', readAt: start },
  unclear: { type: 'unclear', attempt: 1, reason: 'list not read', readAt: start },
  unknowable: { type: 'unknowable', attempt: 1, reason: 'two calls' },
  skip: { type: 'skip', account: 'main', reason: 'breaker open' },
  "skip of another's turn": { type: 'skip', account: 'spare', reason: 'breaker open' },
  hold: { type: 'hold', reason: 'breaker open' },
  restart: { type: 'restart' },
  release: { type: 'release', attempts: 1 },
  'release of what was never tried': { type: 'release', attempts: 0 },
  cancel: { type: 'cancel' },
};

// Columns: what each event makes of the state; '-' is "does not apply, nothing is written".
const table: Record<DeliveryState, Record<keyof typeof events, DeliveryState | '-'>> = {
  READY: row({
    claim: 'CALLING',
    'wake in time': 'READY',
    skip: 'READY',
    hold: 'HELD',
    restart: 'READY',
    cancel: 'CANCELLED',
  }),
  CALLING: row({
    'own placed': 'PLACED',
    "own lead's fault": 'REJECTED',
    "own account's fault": 'READY',
    'own passing fault': 'READY',
    'own unknown end': 'UNKNOWN',
  }),
  UNKNOWN: row({
    'own placed': 'PLACED',
    "own lead's fault": 'REJECTED',
    "own account's fault": 'READY',
    'own passing fault': 'READY',
    'own unknown end': 'UNKNOWN',
    found: 'PLACED',
    'not found': 'UNKNOWN',
    unclear: 'UNKNOWN',
    unknowable: 'HELD',
  }),
  HELD: row({
    'own placed': 'PLACED',
    "own lead's fault": 'REJECTED',
    "own account's fault": 'READY',
    'own passing fault': 'READY',
    'own unknown end': 'UNKNOWN',
    found: 'PLACED',
    release: 'READY',
    cancel: 'CANCELLED',
  }),
  EXPIRED: row({ 'release of what was never tried': 'READY', cancel: 'CANCELLED' }),
  PLACED: row({}),
  REJECTED: row({}),
  CANCELLED: row({}),
};

describe('every event in every state', () => {
  for (const [state, transitions] of Object.entries(table) as [DeliveryState, Record<string, string>][]) {
    test.each(Object.entries(transitions))(`${state}, %s: %s`, (event, expected) => {
      const result = step(inState[state], events[event] as Event, start + second, policy);
      expect(result?.delivery.state ?? '-').toBe(expected);
    });
  }
});

test('a call leaves CALLING for READY by its own proof alone, whatever the clock says', () => {
  for (const event of Object.values(events)) {
    for (const now of [start, start + minute, start + 24 * 60 * minute]) {
      const isProof = event.type === 'failed' && event.owner === 'me' && ['account', 'passing'].includes(event.fault);
      const after = step(inState.CALLING, event, now, policy)?.delivery.state;
      if (!isProof) expect(after).not.toBe('READY');
    }
  }
});

describe('claims', () => {
  test('one is not given before its time, nor twice', () => {
    const later = { ...first, nextAt: start + minute };
    expect(step(later, events['claim'] as Event, start, policy)).toBeUndefined();
    expect(step(inState.CALLING, events['claim'] as Event, start, policy)).toBeUndefined();
  });

  test('one is not given for an account whose turn it no longer is', () => {
    const turnOfNext = apply(calling(), failed('account'));
    expect(turnOfNext.account).toBe('spare');
    expect(step(turnOfNext, events['claim'] as Event, start, policy)).toBeUndefined();
  });

  test('one past its deadline becomes UNKNOWN, counted from the deadline', () => {
    expect(step(inState.CALLING, { type: 'wake' }, claim.deadline, policy)).toBeUndefined();
    const woken = apply(inState.CALLING, { type: 'wake' }, claim.deadline + minute);
    expect(woken).toMatchObject({ state: 'UNKNOWN', endedAt: claim.deadline, nextAt: claim.deadline + 5 * second });
  });

  test("a stale delivery is not claimed but EXPIRED, with an alarm; a copy's hours are longer", () => {
    const late = start + 31 * minute;
    expect(step(first, events['claim'] as Event, late, policy)).toMatchObject({
      delivery: { state: 'EXPIRED' },
      effects: [{ type: 'alarm', state: 'EXPIRED' }],
    });
    expect(apply(copy, { type: 'claim', owner: 'other', account: 'ads', deadline: late + minute }, late).state).toBe(
      'CALLING',
    );
  });

  test('the wake-up stays where it was, for each move in the index costs two writes; too early it wakes nothing', () => {
    expect(inState.CALLING.wakeAt).toBe(first.wakeAt);
    expect(step(inState.CALLING, { type: 'wake' }, claim.deadline, policy)).toBeUndefined();
    expect(step(inState.CALLING, { type: 'wake' }, claim.deadline + 1, policy)).toBeDefined();
  });
});

describe('retries', () => {
  test('come after seconds, then minutes, once every account of the route was asked', () => {
    const waits: string[] = [];
    let delivery = first;
    let now = start;
    for (let attempt = 0; attempt < 9; attempt++) {
      const claimed = apply(
        delivery,
        { type: 'claim', owner: 'me', account: delivery.account, deadline: now + 25 * second },
        now,
      );
      delivery = apply(claimed, failed('passing'), now);
      waits.push(`${delivery.account} +${((delivery.nextAt as number) - now) / second}`);
      now = delivery.nextAt as number;
    }
    expect(waits).toEqual([
      'spare +0',
      'main +3',
      'spare +10',
      'main +30',
      'spare +60',
      'main +120',
      'spare +300',
      'main +300',
      'spare +300',
    ]);
  });

  test("wait as long as the provider asks, and beyond a message's reach by the index alone", () => {
    const asked = step(calling(copy), { ...failed('passing'), retryAfterSeconds: 40 }, start, policy);
    expect(asked).toMatchObject({
      delivery: { nextAt: start + 40 * second },
      effects: [{ type: 'nudge', delay: 40 * second }],
    });
    const long = step(calling(copy), { ...failed('passing'), retryAfterSeconds: 3600 }, start, policy);
    expect(long).toMatchObject({ delivery: { nextAt: start + 60 * minute, wakeAt: start + 60 * minute }, effects: [] });
  });

  test('end, with an alarm, when a provider asks for longer than the call is worth', () => {
    const atSpare = calling(apply(calling(), failed('passing')));
    const asked = apply(atSpare, { ...failed('passing'), retryAfterSeconds: 86_400 });
    expect(asked).toMatchObject({ state: 'READY', account: 'main', nextAt: start + 30 * minute + 1 });
    expect(step(asked, { type: 'wake' }, asked.nextAt as number, policy)).toMatchObject({
      delivery: { state: 'EXPIRED' },
      effects: [{ type: 'alarm', state: 'EXPIRED' }],
    });
  });

  test('do not go round to an account that has refused', () => {
    const atSpare = apply(calling(), failed('account'));
    expect(apply(calling(atSpare), failed('passing'))).toMatchObject({ account: 'spare', nextAt: start + 3 * second });
  });

  test('of a copy follow an unknown end too, since a copy may come twice', () => {
    const claimed = apply(copy, { type: 'claim', owner: 'me', account: 'ads', deadline: claim.deadline });
    expect(apply(claimed, failed('unknown'))).toMatchObject({ state: 'READY', nextAt: start + 3 * second });
    expect(apply(claimed, { type: 'wake' }, claim.deadline + second).state).toBe('READY');
  });
});

describe('failover', () => {
  test("follows an account's fault at once, and remembers it", () => {
    const result = step(calling(), failed('account'), start, policy);
    expect(result).toMatchObject({
      delivery: { state: 'READY', account: 'spare', nextAt: start, refusals: [{ account: 'main', reason: 'account' }] },
      effects: [{ type: 'nudge', delay: 0 }],
    });
  });

  test('ends in HELD with an alarm when no account is left', () => {
    const atSpare = apply(calling(), failed('account'));
    const result = step(calling(atSpare), failed('account'), start, policy);
    expect(result).toMatchObject({
      delivery: { state: 'HELD', reason: 'account' },
      effects: [{ type: 'alarm', state: 'HELD' }],
    });
  });

  test('begins anew after a release', () => {
    const held = apply(calling(apply(calling(), failed('account'))), failed('account'));
    const released = apply(held, { type: 'release', attempts: 2 }, start + minute);
    expect(released).toMatchObject({ state: 'READY', account: 'main', refusals: [], since: start + minute });
  });
});

describe('an unknown end', () => {
  const optIn = { ...policy, retryUnknownAfter: 150 * second };
  const again = apply(inState.UNKNOWN, notFoundAt(start + 151 * second), start + 151 * second, optIn);
  const late = { type: 'placed', owner: 'me', providerId: '7' } as const;

  test('is released once, however often that is asked for', () => {
    const release: Event = { type: 'release', attempts: 1 };
    const released = apply(inState.HELD, release, start + minute);
    const heldAgain = apply(
      apply(apply(released, events['claim'] as Event, start + minute), failed('unknown', 'other'), start + minute),
      { type: 'unknowable', attempt: 2, reason: 'two calls' },
    );
    expect(heldAgain).toMatchObject({ state: 'HELD', attempts: 2 });
    expect(step(heldAgain, release, start + 2 * minute, policy)).toBeUndefined();
  });

  test('is not forgotten when an account is passed over on the way to a second try', () => {
    expect(again).toMatchObject({ state: 'READY', attempts: 1 });
    const skipped = apply(again, { type: 'skip', account: 'main', reason: 'breaker open' }, start + 152 * second);
    const held = apply(skipped, { type: 'skip', account: 'spare', reason: 'breaker open' }, start + 152 * second);
    expect(held).toMatchObject({ state: 'HELD', claim: { owner: 'me' } });
    expect(apply(held, late, start + 153 * second)).toMatchObject({ state: 'PLACED', providerId: '7' });
  });

  test('is not given up as EXPIRED when it is too late for a second try', () => {
    const result = step(again, { type: 'wake' }, start + 31 * minute, optIn);
    expect(result).toMatchObject({ delivery: { state: 'HELD', claim: { owner: 'me' } }, effects: [{ type: 'alarm' }] });
    expect(apply((result as { delivery: Delivery }).delivery, late, start + 32 * minute).state).toBe('PLACED');
  });

  test('is looked up several times within 150 s of the end, then held with an alarm', () => {
    const times: number[] = [];
    let delivery = inState.UNKNOWN;
    while (delivery.state === 'UNKNOWN') {
      const now = delivery.nextAt as number;
      times.push((now - start) / second);
      delivery = apply(delivery, notFoundAt(now), now);
    }
    expect(times).toEqual([5, 20, 60, 150]);
    expect(delivery).toMatchObject({ state: 'HELD', reason: 'not listed' });
  });

  test('is tried again unseen only where the form says so, and not before', () => {
    const patient = { ...policy, retryUnknownAfter: 200 * second };
    const at150 = step(inState.UNKNOWN, notFoundAt(start + 150 * second), start + 150 * second, patient);
    expect(at150?.delivery).toMatchObject({ state: 'UNKNOWN', nextAt: start + 200 * second });
    expect(apply(inState.UNKNOWN, notFoundAt(start + 200 * second), start + 200 * second, patient).state).toBe('READY');
  });

  test('is judged by when the list was read, not by when that is written', () => {
    const late = step(inState.UNKNOWN, notFoundAt(start + 105 * second), start + 155 * second, optIn);
    expect(late?.delivery).toMatchObject({ state: 'UNKNOWN', nextAt: start + 155 * second });
    expect(step(inState.UNKNOWN, notFoundAt(start + 60 * second), start + 200 * second, policy)?.delivery.state).toBe(
      'UNKNOWN',
    );
  });

  test('that the list does not clear up is held at the last look; who lets it be tried again waits for a clear answer', () => {
    const unclear = (readAt: number): Event => ({ type: 'unclear', attempt: 1, reason: 'list not read', readAt });
    const last = start + 150 * second;
    expect(step(inState.UNKNOWN, unclear(last), last, policy)?.delivery.state).toBe('HELD');
    expect(step(inState.UNKNOWN, unclear(last), last, optIn)?.delivery).toMatchObject({
      state: 'UNKNOWN',
      nextAt: last + minute,
    });
    expect(step(inState.UNKNOWN, unclear(start + 31 * minute), start + 31 * minute, optIn)?.delivery.state).toBe(
      'HELD',
    );
  });

  test("is settled by the owner's late news, even when it is already held or ready again", () => {
    const again = step(inState.UNKNOWN, notFoundAt(start + 150 * second), start + 150 * second, optIn)
      ?.delivery as Delivery;
    expect(apply(again, events['own placed'] as Event, start + 151 * second).state).toBe('PLACED');
    const claimedAnew = apply(
      again,
      { type: 'claim', owner: 'other', account: 'main', deadline: start + 200 * second },
      start + 150 * second,
    );
    expect(step(claimedAnew, events['own placed'] as Event, start + 151 * second, optIn)).toBeUndefined();
  });
});

test('a delivery is due when its time has come: ready or to be looked up at nextAt, calling after its deadline', () => {
  expect(isDue(first, start)).toBe(true);
  expect(isDue({ ...first, nextAt: start + 1 }, start)).toBe(false);
  expect(isDue(inState.CALLING, claim.deadline)).toBe(false);
  expect(isDue(inState.CALLING, claim.deadline + 1)).toBe(true);
  expect(isDue(inState.UNKNOWN, start + 5 * second)).toBe(true);
  expect(isDue(inState.PLACED, start + minute)).toBe(false);
});

test('a form without accounts has no deliveries', () => {
  expect(newDeliveries({ call: [], track: [] }, start)).toEqual([]);
});

function calling(delivery: Delivery = first): Delivery {
  return apply(delivery, { type: 'claim', owner: 'me', account: delivery.account, deadline: start + 25 * second });
}

function failed(fault: 'lead' | 'account' | 'passing' | 'unknown', owner = 'me') {
  return { type: 'failed', owner, fault, reason: fault } as const;
}

function row(transitions: Partial<Record<string, DeliveryState>>): Record<string, DeliveryState | '-'> {
  return Object.fromEntries(Object.keys(events).map((event) => [event, transitions[event] ?? '-']));
}

function notFoundAt(readAt: number): Event {
  return { type: 'not-found', attempt: 1, reason: 'not listed', readAt };
}

function apply(delivery: Delivery, event: Event, now = start, by: Policy = policy): Delivery {
  const result = step(delivery, event, now, by);
  if (result === undefined) throw new Error(`${event.type} does not apply to ${delivery.state}`);
  return result.delivery;
}
