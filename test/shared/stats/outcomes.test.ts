import { beforeEach, describe, expect, test } from 'vitest';
import { createApplyEvent } from '#shared/deliver.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import { adoptReports } from '#shared/stats/adopt-reports.ts';
import { createOutcomes } from '#shared/stats/outcomes.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { makeLead } from '../../support/leads.ts';
import { makeCall, startedAt } from './calls.ts';

const phone = '+79161112233';
const provider = 'callkeeper';
const second = 1000;

/** All real but the clock, on the table in memory. */
function createWorld() {
  const table = createMemoryTable();
  let nonces = 0;
  const own = { table, clock: () => startedAt, newNonce: () => `nonce-${++nonces}`, log: () => {} };
  const accounts = { main: { provider }, touch: { provider: 'calltouch' } };
  const config = { accounts, forms: {} };
  const leads = createLeadStore({ ...own, retention: () => 86_400_000 });
  const callOwners = createCallOwners(own);
  const phones = createPhoneGuard({ ...own, readKey: async () => 'key' });
  const applyEvent = createApplyEvent({ ...own, leads, config, sendNudge: async () => {} });
  const outcomes = createOutcomes({ ...own, leads, callOwners, phones, applyEvent, config });

  /** A lead that was let through to ring this phone, its call delivery as it says. */
  async function letThrough(id: string, call: Partial<Delivery>, createdAt = startedAt - 5 * second) {
    await leads.create(
      makeLead({ id, createdAt, phone, deliveries: [{ attempts: 1, updatedAt: createdAt, ...call }] }),
    );
    await phones.admit(phone, { lead: id, form: 'callback', windowFrom: null }, { calls: 100, perHours: 24 });
  }
  /** The leads alone. */
  const join = async (...given: Parameters<typeof outcomes.join>) =>
    (await outcomes.join(...given)).map((joined) => joined?.lead ?? null);
  const callsOf = async (id: string) => (await leads.get(id))?.calls;
  const stateOf = async (id: string) => (await leads.get(id))?.deliveries[0]?.state;
  return { ...own, leads, callOwners, phones, applyEvent, outcomes, join, letThrough, callsOf, stateOf };
}

const claim = { owner: 'one', startedAt: startedAt - 4 * second, deadline: startedAt + 20 * second };
const unknown: Partial<Delivery> = { state: 'UNKNOWN', claim, endedAt: startedAt + 10 * second };

let world: ReturnType<typeof createWorld>;
beforeEach(() => {
  world = createWorld();
});

describe('a listed call', () => {
  test("goes to the lead that the provider's id was given to", async () => {
    await world.letThrough('lead-1', { state: 'PLACED', providerId: '1' });
    await world.letThrough('lead-2', { state: 'PLACED', providerId: '2' });
    await world.callOwners.take(provider, '1', 'lead-1');
    expect(await world.join(provider, [makeCall({ callId: '1' })])).toEqual(['lead-1']);
    expect(await world.callsOf('lead-1')).toMatchObject([{ callId: '1', status: '200/200', talkSeconds: 42 }]);
    expect(await world.callsOf('lead-2')).toEqual([]);
  });

  test("comes with when its lead's form was accepted", async () => {
    await world.letThrough('lead-1', { state: 'PLACED' });
    expect(await world.outcomes.join(provider, [makeCall({ callId: '7' })])).toEqual([
      { lead: 'lead-1', acceptedAt: startedAt - 5 * second },
    ]);
  });

  test("goes by phone and time where its id is nobody's: to the last lead before it", async () => {
    await world.letThrough('earlier', { state: 'PLACED' }, startedAt - 600 * second);
    await world.letThrough('later', { state: 'PLACED' });
    expect(await world.join(provider, [makeCall({ callId: '7' })])).toEqual(['later']);
    expect(await world.callOwners.ownerOf(provider, '7')).toBe('later');
  });

  test('of the same phone goes to each lead once', async () => {
    await world.letThrough('earlier', { state: 'PLACED' }, startedAt - 600 * second);
    await world.letThrough('later', { state: 'PLACED' });
    const calls = [makeCall({ callId: '7' }), makeCall({ callId: '8' })];
    expect(await world.join(provider, calls)).toEqual(['later', 'earlier']);
  });

  test.each([
    ['of another day', { startedAt: startedAt + 86_400_000 }],
    ['of another phone', { phone: '+79169998877' }],
    ['without a phone', { phone: null }],
    ['without a start', { startedAt: null }],
  ])('%s goes to nobody', async (_name, changes) => {
    await world.letThrough('lead-1', { state: 'PLACED' });
    expect(await world.join(provider, [makeCall(changes)])).toEqual([null]);
  });

  test("of another provider's goes to nobody", async () => {
    await world.letThrough('lead-1', { state: 'PLACED' });
    expect(await world.join('calltouch', [makeCall()])).toEqual([null]);
  });

  test.each(['UNKNOWN', 'HELD'] as const)('proves that a delivery was placed which was %s', async (state) => {
    await world.letThrough('lead-1', { ...unknown, state });
    expect(await world.join(provider, [makeCall({ callId: '7' })])).toEqual(['lead-1']);
    expect(await world.stateOf('lead-1')).toBe('PLACED');
  });

  test('proves nothing when it began before the attempt, or long after', async () => {
    await world.letThrough('lead-1', unknown, startedAt - 3600 * second);
    const calls = [
      makeCall({ callId: '7', startedAt: startedAt - 600 * second }),
      makeCall({ callId: '8', startedAt: startedAt + 600 * second }),
    ];
    expect(await world.join(provider, calls)).toEqual([null, null]);
    expect(await world.stateOf('lead-1')).toBe('UNKNOWN');
  });

  test('is kept from a lead as long as it may be that of another, whose attempt is unknown', async () => {
    await world.letThrough('lead-1', unknown);
    await world.letThrough('lead-2', { state: 'PLACED' });
    expect(await world.join(provider, [makeCall({ callId: '7' })])).toEqual([null]);
    expect(await world.callOwners.ownerOf(provider, '7')).toBeUndefined();
    expect(await world.stateOf('lead-1')).toBe('UNKNOWN');
  });

  test('is no news the second time', async () => {
    await world.letThrough('lead-1', { state: 'PLACED' });
    await world.join(provider, [makeCall()]);
    const { version } = world.table.rows.get('lead#lead-1') ?? {};
    await world.join(provider, [makeCall()]);
    expect(world.table.rows.get('lead#lead-1')?.version).toBe(version);
  });
});

describe('what hooks report', () => {
  const ringing = makeCall({ callId: '1', status: '1/0', answered: false, talkSeconds: 0, final: false });
  const over = makeCall({ callId: '1', recordUrl: 'https://records.example/1.mp3' });

  test.each([
    ['in order', [ringing, over]],
    ['the other way round', [over, ringing]],
    ['twice and mixed', [over, ringing, over, ringing, ringing]],
  ])('comes to the same, %s', async (_name, reports) => {
    await world.letThrough('lead-1', { state: 'PLACED', providerId: '1' });
    await world.callOwners.take(provider, '1', 'lead-1');
    for (const call of reports) expect(await world.outcomes.report(provider, call)).toBe('lead-1');
    expect(await world.callsOf('lead-1')).toEqual([
      expect.objectContaining({
        callId: '1',
        status: '200/200',
        talkSeconds: 42,
        recordUrl: 'https://records.example/1.mp3',
      }),
    ]);
  });

  test("of a call that is nobody's yet is told as soon as the call is known", async () => {
    await world.letThrough('lead-1', { state: 'CALLING', claim });
    expect(await world.outcomes.report(provider, ringing)).toBeNull();
    expect(await world.outcomes.report(provider, over)).toBeNull();
    expect(await world.callsOf('lead-1')).toEqual([]);
    await adoptReports(world.callOwners, world.outcomes, () => {}).take(provider, '1', 'lead-1');
    await world.applyEvent('lead-1', 'call', { type: 'placed', owner: 'one', providerId: '1' });
    expect(await world.callsOf('lead-1')).toMatchObject([{ callId: '1', status: '200/200', answered: true }]);
  });

  test('gives way to what the list says later, but does not let a call that is over begin again', async () => {
    await world.letThrough('lead-1', { state: 'PLACED', providerId: '1' });
    await world.callOwners.take(provider, '1', 'lead-1');
    await world.outcomes.report(provider, over);
    await world.join(provider, [makeCall({ callId: '1', talkSeconds: 40 })]);
    expect(await world.callsOf('lead-1')).toMatchObject([{ talkSeconds: 40 }]);
    await world.join(provider, [ringing]);
    expect(await world.callsOf('lead-1')).toMatchObject([{ status: '200/200' }]);
  });

  test('of a second attempt replaces that of the first', async () => {
    await world.letThrough('lead-1', { state: 'PLACED', providerId: '1' });
    await world.callOwners.take(provider, '1', 'lead-1');
    await world.outcomes.report(
      provider,
      makeCall({ callId: '1', attempt: 1, status: '487/0', answered: false, talkSeconds: 0 }),
    );
    await world.outcomes.report(provider, { ...ringing, attempt: 2 });
    expect(await world.callsOf('lead-1')).toMatchObject([{ status: '1/0', attempt: 2 }]);
  });
});
