import { expect, test } from 'vitest';
import { type ApplyEvent, createApplyEvent } from '#shared/deliver.ts';
import type { Metrics } from '#shared/log.ts';
import type { Nudge } from '#shared/queue.ts';
import { createLeadStore } from '#shared/store/leads.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { sweepLeads } from '../../../functions/sweep-leads/sweep-leads.ts';
import { makeLead } from '../../support/leads.ts';

const config = {
  accounts: { main: { provider: 'callkeeper' } },
  forms: {},
};

/** The sweeper over an in-memory table, nudges that get lost and a clock that stands until it is moved. */
function createSweeper({ failsOn }: { failsOn?: string } = {}) {
  const time = { now: makeLead().createdAt };
  const nudged: Nudge[] = [];
  const metrics: Metrics[] = [];
  let nonces = 0;
  const ports = {
    table: createMemoryTable(),
    clock: () => time.now,
    newNonce: () => `nonce-${++nonces}`,
    config,
    sendNudge: async (_provider: string, nudge: Nudge) => void nudged.push(nudge),
    log: (_event: string, _details?: object, measured: Metrics = {}) => void metrics.push(measured),
  };
  const leads = createLeadStore({ ...ports, retention: () => 1_000 });
  const applyToAll = createApplyEvent({ ...ports, leads });
  const applyEvent: ApplyEvent = async (id, ...rest) => {
    if (id === failsOn) throw new Error(`${id} cannot be written`);
    return applyToAll(id, ...rest);
  };
  const sweep = () => sweepLeads(() => 60_000, { ...ports, leads, applyEvent });
  return { time, leads, nudged, metrics, sweep };
}

test('says nothing while nothing is due', async () => {
  const { leads, nudged, metrics, sweep } = createSweeper();
  await leads.create(makeLead());
  await sweep();
  expect({ nudged, metrics }).toEqual({ nudged: [], metrics: [] });
});

test('measures how long a delivery has been due, and goes on counting while it is nudged in vain', async () => {
  const { time, leads, nudged, metrics, sweep } = createSweeper();
  await leads.create(makeLead());
  for (const seconds of [60, 120, 180]) {
    time.now = makeLead().createdAt + seconds * 1_000;
    await sweep();
  }
  expect(nudged).toHaveLength(3);
  expect(metrics).toEqual([{ OldestDueSeconds: 60 }, { OldestDueSeconds: 120 }, { OldestDueSeconds: 180 }]);
});

test('counts a delivery that comes too late as given up', async () => {
  const { time, leads, metrics, sweep } = createSweeper();
  await leads.create(makeLead());
  time.now += 31 * 60_000;
  await sweep();
  expect((await leads.get('lead-1'))?.deliveries[0]?.state).toBe('EXPIRED');
  expect(metrics).toEqual([{ ExpiredDeliveries: 1 }, { OldestDueSeconds: 31 * 60 }, { WaitingLeads: 1 }]);
});

test('finds a lost nudge behind more leads than a page holds that are being called', async () => {
  const { time, leads, nudged, sweep } = createSweeper();
  const { createdAt } = makeLead();
  const claim = { owner: 'me', startedAt: createdAt, deadline: createdAt + 25_000 };
  for (let index = 0; index < 120; index++) {
    await leads.create(
      makeLead({ id: `called-${index}`, deliveries: [{ state: 'CALLING', claim, wakeAt: createdAt }] }),
    );
  }
  await leads.create(makeLead({ id: 'lost', deliveries: [{ wakeAt: createdAt + 1_000 }] }));
  time.now += 20_000;
  await sweep();
  expect(nudged).toEqual([{ lead: 'lost', delivery: 'call' }]);
});

test('a lead that cannot be written keeps no other asleep, and is heard of', async () => {
  const { time, leads, nudged, sweep } = createSweeper({ failsOn: 'stuck' });
  for (const id of ['stuck', 'lost']) await leads.create(makeLead({ id }));
  time.now += 60_000;
  await expect(sweep()).rejects.toThrow('stuck cannot be written');
  expect(nudged).toEqual([{ lead: 'lost', delivery: 'call' }]);
});

test('counts the leads that wait for a person on every sweep, until somebody has seen to them', async () => {
  const { leads, metrics, sweep } = createSweeper();
  const held = { state: 'HELD', wakeAt: null, nextAt: null } as const;
  for (let index = 0; index < 105; index++) await leads.create(makeLead({ id: `held-${index}`, deliveries: [held] }));
  await sweep();
  for (let index = 2; index < 105; index++) await leads.erase(`held-${index}`);
  await sweep();
  for (const id of ['held-0', 'held-1']) await leads.erase(id);
  await sweep();
  expect(metrics).toEqual([{ WaitingLeads: 100 }, { WaitingLeads: 2 }]);
});
