import { beforeEach, describe, expect, test } from 'vitest';
import { createApplyEvent } from '#shared/deliver.ts';
import { ConfigError, ProviderError } from '#shared/errors.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';
import type { CallQuery, ListedCall } from '#shared/providers/provider.ts';
import { createBreakerStore } from '#shared/store/breakers.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { createLeadStore, type LeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createPhoneGuard } from '#shared/store/phones.ts';
import { type ForwardPorts, forwardLead } from '../../../functions/forward-lead/forward-lead.ts';
import { makeLead } from '../../support/leads.ts';
import { configWith } from '../submit-form/fixture.ts';

const second = 1_000;
const minute = 60 * second;
const start = makeLead().createdAt;
const limit = { calls: 9, perHours: 24 };
const unknown = {
  state: 'UNKNOWN',
  attempts: 1,
  claim: { owner: 'me', startedAt: start, deadline: start + 25 * second },
  endedAt: start + 15 * second,
  nextAt: start + 20 * second,
  updatedAt: start + 15 * second,
} satisfies Partial<Delivery>;

let now: number;
let listed: ListedCall[];
let queries: CallQuery[];
let ports: ForwardPorts;
let leads: LeadStore;

/** The forwarder with a provider whose list shows what a test says. `hours`: those of the form. */
function setUp(hours?: { timeZone: string; open: string }) {
  now = start + 20 * second;
  listed = [];
  queries = [];
  let nonces = 0;
  const config = configWith({ track: [], ...(hours ? { hours } : {}) });
  const base = { table: createMemoryTable(), clock: () => now, newNonce: () => `nonce-${++nonces}`, config };
  leads = createLeadStore({ ...base, retention: () => minute });
  const common = { ...base, leads, sendNudge: async () => {}, log: () => {} };
  ports = {
    ...common,
    provider: 'callkeeper',
    callOwners: createCallOwners(base),
    phones: createPhoneGuard({ ...base, readKey: async () => 'key' }),
    breakers: createBreakerStore(base),
    applyEvent: createApplyEvent(common),
    connect: async () => ({
      invoke: async () => undefined,
      check: async () => [],
      async findCalls(query) {
        queries.push(query);
        return listed;
      },
    }),
  };
}

async function store(id: string, delivery: Partial<Delivery>, createdAt = start): Promise<Lead> {
  const lead = makeLead({ id, form: 'main', createdAt, deliveries: [delivery] });
  await leads.create(lead);
  await ports.phones.admit(lead.phone, { lead: id, form: 'main', windowFrom: null }, limit);
  return lead;
}

async function lookUp(id = 'lost'): Promise<Delivery | undefined> {
  await forwardLead({ lead: id, delivery: 'call' }, () => minute, ports);
  return (await leads.get(id))?.deliveries[0];
}

const call = (providerId: string, orderedAt = start + second): ListedCall => ({
  providerId,
  phone: makeLead().phone,
  orderedAt,
});

beforeEach(() => setUp());

describe('a call of which nobody knows whether it was placed', () => {
  beforeEach(() => store('lost', unknown));

  test('is looked for by its phone, around its attempt', async () => {
    await lookUp();
    const { phone } = makeLead();
    expect(queries).toEqual([{ phone, from: start - 2 * minute, to: now + 2 * minute }]);
  });

  test('is this lead’s when the list shows one call that is nobody’s', async () => {
    listed = [call('7')];
    expect(await lookUp()).toMatchObject({ state: 'PLACED', providerId: '7' });
    expect(await ports.callOwners.ownerOf('callkeeper', '7')).toBe('lost');
  });

  test('is this lead’s own again when it had taken it before it crashed, whatever else is listed', async () => {
    await ports.callOwners.take('callkeeper', '7', 'lost');
    listed = [call('6'), call('7')];
    expect(await lookUp()).toMatchObject({ state: 'PLACED', providerId: '7' });
  });

  test('is not found in the call of another lead', async () => {
    await ports.callOwners.take('callkeeper', '7', 'other');
    listed = [call('7')];
    expect(await lookUp()).toMatchObject({ state: 'UNKNOWN', nextAt: start + 35 * second });
  });

  test('is held when two calls could be it', async () => {
    listed = [call('7'), call('8')];
    expect(await lookUp()).toMatchObject({ state: 'HELD' });
  });

  test('is looked for again and again, and held after the last look', async () => {
    const looks: (number | null | undefined)[] = [];
    for (const at of [20, 35, 75, 165]) {
      now = start + at * second;
      looks.push((await lookUp())?.nextAt);
    }
    expect(looks).toEqual([start + 35 * second, start + 75 * second, start + 165 * second, null]);
    expect((await leads.get('lost'))?.deliveries[0]).toMatchObject({ state: 'HELD' });
  });

  test('stays unknown while the list cannot be read', async () => {
    ports.connect = async () => ({
      invoke: async () => undefined,
      check: async () => [],
      findCalls: () => Promise.reject(new ProviderError('HTTP 502', { provider: 'callkeeper', fault: 'unknown' })),
    });
    expect(await lookUp()).toMatchObject({ state: 'UNKNOWN', nextAt: start + 35 * second });
  });

  test('is held after the last look when its account cannot be opened', async () => {
    ports.connect = () => Promise.reject(new ConfigError('the secret main-key is not set'));
    expect(await lookUp()).toMatchObject({ state: 'UNKNOWN', nextAt: start + 35 * second });
    now = start + 165 * second;
    expect(await lookUp()).toMatchObject({ state: 'HELD', claim: unknown.claim });
  });

  test('is held when its account has left the config, for nothing can tell any more', async () => {
    ports.config = { ...ports.config, accounts: {} };
    expect(await lookUp()).toMatchObject({
      state: 'HELD',
      claim: unknown.claim,
      reason: expect.stringContaining('no longer in the config'),
    });
  });
});

describe('a listed call that may be another lead’s for the same phone', () => {
  beforeEach(() => store('lost', unknown));

  test.each<[string, Partial<Delivery>]>([
    ['its attempt is under way', { ...unknown, state: 'CALLING' }],
    ['its attempt is unknown, too', unknown],
    ['a person has cancelled it, not knowing', { state: 'CANCELLED', attempts: 1, updatedAt: start + minute }],
    [
      'it has rung after an attempt that is unknown',
      { state: 'PLACED', attempts: 2, providerId: '9', updatedAt: start },
    ],
    [
      'the list has another id for its call',
      { state: 'PLACED', attempts: 1, providerId: 'request-1', updatedAt: start },
    ],
  ])('is not taken: %s', async (_why, delivery) => {
    await store('rival', delivery);
    listed = [call('7')];
    expect(await lookUp()).toMatchObject({ state: 'UNKNOWN' });
    expect(await ports.callOwners.ownerOf('callkeeper', '7')).toBeUndefined();
  });

  test('is not taken: by the other function’s clock its lead came within the second that the list shows', async () => {
    await store('rival', unknown, start + second + 2 * minute + 900);
    listed = [call('7')];
    expect(await lookUp()).toMatchObject({ state: 'UNKNOWN' });
  });

  test.each<[string, Partial<Delivery>, number?]>([
    ['has not been tried yet', { state: 'READY' }],
    ['was refused with proof', { state: 'READY', attempts: 2, passing: 2 }],
    ['was over long before', { state: 'CANCELLED', attempts: 1, updatedAt: start - 10 * minute }, start - 20 * minute],
    ['goes to another provider', { ...unknown, route: ['copy'], account: 'copy' }],
    ['was sent long after', { ...unknown }, start + 10 * minute],
  ])('is taken when the other %s', async (_why, delivery, createdAt) => {
    await store('other', delivery, createdAt);
    listed = [call('7')];
    expect(await lookUp()).toMatchObject({ state: 'PLACED', providerId: '7' });
  });

  test('is taken when the other’s own call is in the list', async () => {
    await store('other', { state: 'PLACED', attempts: 1, providerId: '6', updatedAt: start });
    await ports.callOwners.take('callkeeper', '6', 'other');
    listed = [call('6'), call('7')];
    expect(await lookUp()).toMatchObject({ state: 'PLACED', providerId: '7' });
  });
});

describe('a deferred call', () => {
  const opening = start + 60 * minute;

  beforeEach(async () => {
    // The form opens an hour after the attempt; the owner lets unknown calls go again.
    setUp({ timeZone: 'UTC', open: '10001900' });
    await store('lost', unknown);
  });

  test('is looked for up to the time at which it is to ring', async () => {
    listed = [call('7', opening)];
    expect(await lookUp()).toMatchObject({ state: 'PLACED', providerId: '7' });
    expect(queries[0]?.to).toBe(opening + 2 * minute);
  });

  test('that is not listed says nothing: it is held, never ordered again', async () => {
    ports.config = configWith({ track: [], hours: { timeZone: 'UTC', open: '10001900' }, retryUnknownAfter: '150s' });
    for (let at = 20; at < 45 * 60; at += 30) {
      now = start + at * second;
      expect((await lookUp())?.state).not.toBe('READY');
    }
    expect((await leads.get('lost'))?.deliveries[0]?.attempts).toBe(1);
  });
});
