import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import { type Event, step } from '#shared/lead/delivery-machine.ts';

const second = 1_000;
const start = Date.UTC(2026, 10, 22, 9);
const policies = [{ staleAfter: 30 * 60 * second }, { staleAfter: 30 * 60 * second, retryUnknownAfter: 150 * second }];

const owner = fc.constantFrom('me', 'other', 'late');
const account = fc.constantFrom('main', 'spare');
const reason = fc.constant('reason');
const attempt = fc.integer({ min: 0, max: 4 });

const event: fc.Arbitrary<Event> = fc.oneof(
  fc.record({ type: fc.constant('claim' as const), owner, account, deadline: fc.constant(start) }),
  fc.record({ type: fc.constant('placed' as const), owner, providerId: fc.constant('7') }),
  fc.record({
    type: fc.constant('failed' as const),
    owner,
    fault: fc.constantFrom('lead' as const, 'account' as const, 'passing' as const, 'unknown' as const),
    reason,
  }),
  fc.record({ type: fc.constant('wake' as const) }),
  fc.record({ type: fc.constant('found' as const), attempt, providerId: fc.constant('8') }),
  fc.record({ type: fc.constant('unknowable' as const), attempt, reason }),
  // Here so long before the event; `play` makes it an instant.
  fc.record({
    type: fc.constantFrom('not-found' as const, 'unclear' as const),
    attempt,
    reason,
    readAt: fc.nat({ max: 100 * second }),
  }),
  fc.record({ type: fc.constantFrom('skip' as const, 'hold' as const), account, reason }),
  fc.record({ type: fc.constant('release' as const), attempts: attempt }),
  fc.record({ type: fc.constant('cancel' as const) }),
);

/** Events with the time that passes before each, in milliseconds. */
const story = fc.array(fc.tuple(event, fc.nat({ max: 200 * second })), { maxLength: 40 });
const kind = fc.constantFrom('call' as const, 'track' as const);
const policy = fc.constantFrom(...policies);

type Move = { before: Delivery; event: Event; after: Delivery | undefined; now: number };

/** What each event of a story makes of a new delivery; an owner's nonce is used for one claim only, as in production. */
function play(deliveryKind: 'call' | 'track', events: [Event, number][], used: (typeof policies)[number]): Move[] {
  const accounts = deliveryKind === 'call' ? { call: ['main', 'spare'], track: [] } : { call: [], track: ['main'] };
  let [delivery] = newDeliveries(accounts, start) as [Delivery];
  let now = start;
  const claimed = new Set<string>();
  return events.flatMap(([drawn, pause]) => {
    now += pause;
    if (drawn.type === 'claim' && claimed.has(drawn.owner)) return [];
    const happening = placeInTime(drawn, now);
    const after = step(delivery, happening, now, used)?.delivery;
    if (happening.type === 'claim' && after?.claim?.owner === happening.owner) claimed.add(happening.owner);
    const move = { before: delivery, event: happening, after, now };
    delivery = after ?? delivery;
    return [move];
  });
}

function placeInTime(drawn: Event, now: number): Event {
  if (drawn.type === 'claim') return { ...drawn, deadline: now + 25 * second };
  return 'readAt' in drawn ? { ...drawn, readAt: now - drawn.readAt } : drawn;
}

/** Checks every move of many stories. */
function holds(check: (move: Move) => void, only: fc.Arbitrary<'call' | 'track'> = kind): void {
  const property = fc.property(only, story, policy, (deliveryKind, events, used) => {
    for (const move of play(deliveryKind, events, used)) check(move);
  });
  fc.assert(property, { numRuns: 1_000 });
}

describe('whatever happens, in whatever order', () => {
  test('a call leaves CALLING for READY only by its owner’s proof that nothing was placed', () => {
    holds(({ before, event: cause, after }) => {
      if (before.state !== 'CALLING' || after?.state !== 'READY') return;
      expect(cause).toMatchObject({ type: 'failed', owner: before.claim?.owner });
      expect(['account', 'passing']).toContain((cause as { fault: string }).fault);
    }, fc.constant('call'));
  });

  test('an unknown call becomes READY by its owner’s proof, or after the wait that the owner chose, never sooner', () => {
    holds(({ before, event: cause, after }) => {
      if (before.state !== 'UNKNOWN' || after?.state !== 'READY' || cause.type === 'failed') return;
      if (cause.type !== 'not-found') throw new Error(`${cause.type} is no proof`);
      expect(cause.readAt - (before.endedAt ?? 0)).toBeGreaterThanOrEqual(150 * second);
    }, fc.constant('call'));
  });

  test('what is placed, rejected or cancelled stays so', () => {
    holds(({ before, after }) => {
      if (['PLACED', 'REJECTED', 'CANCELLED'].includes(before.state)) expect(after).toBeUndefined();
    });
  });

  test('only a claim begins an attempt, and its account is the one that was asked for', () => {
    holds(({ before, event: cause, after }) => {
      if (after === undefined) return;
      expect(after.attempts - before.attempts).toBe(after.state === 'CALLING' ? 1 : 0);
      if (cause.type === 'claim' && after.state === 'CALLING') expect(after.account).toBe(cause.account);
    });
  });

  test('news of an owner whose claim is not the last is not believed', () => {
    holds(({ before, event: cause, after }) => {
      if (cause.type !== 'placed' && cause.type !== 'failed') return;
      if (before.claim?.owner !== cause.owner) expect(after).toBeUndefined();
    });
  });

  test('what is still to be done is in the index, what waits for a person or is over is not', () => {
    holds(({ after }) => {
      if (after === undefined) return;
      const isOpen = ['READY', 'CALLING', 'UNKNOWN'].includes(after.state);
      expect(after.wakeAt !== null).toBe(isOpen);
    });
  });

  test('what needs a person raises an alarm, each time', () => {
    const property = fc.property(story, policy, (events, used) => {
      for (const { before, event: cause, after, now } of play('call', events, used)) {
        const alarms = step(before, cause, now, used)?.effects.filter(({ type }) => type === 'alarm') ?? [];
        const needsPerson = after !== undefined && (after.state === 'HELD' || after.state === 'EXPIRED');
        expect(alarms).toEqual(needsPerson ? [{ type: 'alarm', state: after.state }] : []);
      }
    });
    fc.assert(property, { numRuns: 1_000 });
  });

  test('an unknown copy is made again: a copy may come twice', () => {
    holds(({ after }) => expect(after?.state).not.toBe('UNKNOWN'), fc.constant('track'));
  });
});
