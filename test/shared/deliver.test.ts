import { describe, expect, test } from 'vitest';
import { createApplyEvent } from '#shared/deliver.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import type { Table } from '#shared/store/table.ts';
import { makeLead } from '../support/leads.ts';

const start = makeLead().createdAt;
const config = { accounts: { main: { provider: 'callkeeper' }, spare: { provider: 'pozvonim' } }, forms: {} };

/** A lead in the table, and what is sent and logged when something happens to it. */
async function createSetting(
  changes: Parameters<typeof makeLead>[0] = {},
  over: (table: Table) => Table = (table) => table,
) {
  const sent: unknown[] = [];
  const logged: unknown[] = [];
  const time = { now: start };
  let nonces = 0;
  const base = { table: over(createMemoryTable()), newNonce: () => `nonce-${++nonces}`, clock: () => time.now };
  const leads = createLeadStore({ ...base, retention: () => 1_000 });
  const ports = {
    leads,
    config,
    clock: base.clock,
    sendNudge: async (...nudge: unknown[]) => void sent.push(nudge),
    log: (...line: unknown[]) => void logged.push(line),
  };
  await leads.create(makeLead(changes));
  return { time, leads, sent, logged, ports, applyEvent: createApplyEvent(ports) };
}

const claim = { type: 'claim', owner: 'me', account: 'main', deadline: start + 25_000 } as const;

describe('what happens to a delivery', () => {
  test('is stored, and followed by the nudge that it asks for, to the provider whose turn it is', async () => {
    const { applyEvent, leads, sent } = await createSetting({ deliveries: [{ route: ['main', 'spare'] }] });
    await applyEvent('lead-1', 'call', claim);
    const failed = { type: 'failed', owner: 'me', fault: 'account', reason: 'wrong key' } as const;
    const applied = await applyEvent('lead-1', 'call', failed);
    expect(applied).toMatchObject({ applied: true, delivery: { state: 'READY', account: 'spare' } });
    expect((await leads.get('lead-1'))?.deliveries[0]).toEqual(applied?.delivery);
    expect(sent).toEqual([['pozvonim', { lead: 'lead-1', delivery: 'call' }, 0]]);
  });

  test('that does not apply changes nothing and sends nothing', async () => {
    const { applyEvent, leads, sent } = await createSetting();
    const before = await leads.get('lead-1');
    const applied = await applyEvent('lead-1', 'call', { type: 'placed', owner: 'nobody', providerId: '7' });
    expect(applied).toMatchObject({ applied: false, delivery: { state: 'READY' } });
    expect(await leads.get('lead-1')).toEqual(before);
    expect(sent).toEqual([]);
  });

  test('to a lead or a delivery that does not exist is undefined', async () => {
    const { applyEvent } = await createSetting();
    expect(await applyEvent('lead-2', 'call', { type: 'wake' })).toBeUndefined();
    expect(await applyEvent('lead-1', 'track:none', { type: 'wake' })).toBeUndefined();
  });

  test('leaves the lead’s other deliveries alone', async () => {
    const { applyEvent, leads } = await createSetting({ deliveries: [{}, { account: 'spare' }] });
    const other = (await leads.get('lead-1'))?.deliveries[1];
    await applyEvent('lead-1', 'call', claim);
    expect((await leads.get('lead-1'))?.deliveries[1]).toEqual(other);
  });

  test('is counted once when the answer to the write was lost', async () => {
    let losses = 1;
    const lossy = (table: Table): Table => ({
      ...table,
      put: async (row) => (await table.put(row)) && !(row.version === 2 && losses-- > 0),
    });
    const { applyEvent } = await createSetting({}, lossy);
    const applied = await applyEvent('lead-1', 'call', claim);
    expect(applied).toMatchObject({ applied: true, delivery: { state: 'CALLING', attempts: 1 } });
  });
});

describe('the alarm', () => {
  test('names lead, account and reason, and counts in its metric', async () => {
    const { applyEvent, logged } = await createSetting();
    await applyEvent('lead-1', 'call', { type: 'hold', reason: 'breaker open' });
    const details = { lead: 'lead-1', delivery: 'call', account: 'main', state: 'HELD', reason: 'breaker open' };
    expect(logged).toEqual([['delivery needs attention', details, { HeldDeliveries: 1 }]]);
  });

  test('of a delivery that came too late counts in a metric of its own', async () => {
    const { applyEvent, logged, time } = await createSetting();
    time.now += 31 * 60_000;
    await applyEvent('lead-1', 'call', { type: 'wake' });
    expect(logged).toEqual([
      ['delivery needs attention', expect.objectContaining({ state: 'EXPIRED' }), { ExpiredDeliveries: 1 }],
    ]);
  });
});

test('a nudge that cannot be sent is logged, and the event stands: the sweeper will see to it', async () => {
  const { ports, logged, leads } = await createSetting();
  const failing = async () => {
    throw new Error('the queue is away');
  };
  const applied = await createApplyEvent({ ...ports, sendNudge: failing })('lead-1', 'call', { type: 'wake' });
  expect(applied?.applied).toBe(true);
  expect(logged).toEqual([['nudge not sent', { lead: 'lead-1', delivery: 'call', error: 'Error' }]]);
  expect((await leads.due(start + 60_000, 10)).some(({ id }) => id === 'lead-1')).toBe(true);
});

test('a claim that ran out at an account that has left the config ends held, and may still be told of', async () => {
  const { applyEvent, leads, time, sent } = await createSetting({ deliveries: [{ account: 'gone', route: ['gone'] }] });
  await applyEvent('lead-1', 'call', { ...claim, account: 'gone' });
  time.now = claim.deadline + 1_000;
  await applyEvent('lead-1', 'call', { type: 'wake' });
  expect((await leads.get('lead-1'))?.deliveries[0]).toMatchObject({ state: 'HELD', claim: { owner: 'me' } });
  expect(sent).toEqual([]);
});

test('a delivery whose account has left the config is held, not nudged into the void', async () => {
  const { applyEvent, leads, sent } = await createSetting({ deliveries: [{ account: 'gone', route: ['gone'] }] });
  await applyEvent('lead-1', 'call', { type: 'wake' });
  expect((await leads.get('lead-1'))?.deliveries[0]).toMatchObject({
    state: 'HELD',
    reason: 'the account "gone" is no longer in the config',
  });
  expect(sent).toEqual([]);
});
