import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SendNudge } from '#shared/queue.ts';
import { forwardBatch } from '../../../functions/forward-lead/forward-batch.ts';
import { forwardLead } from '../../../functions/forward-lead/forward-lead.ts';
import { makeLead } from '../../support/leads.ts';
import { createForwarder, startCallkeeper } from './forwarder.ts';

const minute = 60_000;
const nudgeOf = (lead: string) => ({ lead, delivery: 'call' });

let provider: Awaited<ReturnType<typeof startCallkeeper>>;
beforeAll(async () => {
  provider = await startCallkeeper();
});
afterAll(() => provider.close());

/** A forwarder whose nudges are kept. */
async function setUp(id: string) {
  const setting = await createForwarder(provider.origin, 'live', id);
  const nudges: Parameters<SendNudge>[] = [];
  setting.ports.sendNudge = async (...nudge) => void nudges.push(nudge);
  return { ...setting, nudges, ringsBefore: provider.simulator.calls().length };
}

const rings = () => provider.simulator.calls().length;

describe('a nudge', () => {
  test('makes the phone ring, and its repeats do not', async () => {
    const { forward, ringsBefore } = await setUp('lead-a');
    const first = await forward();
    expect(first).toMatchObject({ state: 'PLACED', attempts: 1 });
    expect(await forward()).toEqual(first);
    expect(rings()).toBe(ringsBefore + 1);
  });

  test('that comes five times at once makes it ring once', async () => {
    const { forward, ringsBefore } = await setUp('lead-b');
    await Promise.all([1, 2, 3, 4, 5].map(forward));
    expect(rings()).toBe(ringsBefore + 1);
  });

  test('for a lead or a delivery that is not there is over at once', async () => {
    const { ports, ringsBefore } = await setUp('lead-c');
    await forwardLead(nudgeOf('nobody'), () => minute, ports);
    await forwardLead({ lead: 'lead-c', delivery: 'track:none' }, () => minute, ports);
    expect(rings()).toBe(ringsBefore);
  });

  test.each([
    ['does not show the lead yet', async () => undefined],
    [
      'shows it as it was before its last retry',
      async () => ({ lead: makeLead({ id: 'lead-stale', deliveries: [{ state: 'CALLING' }] }), version: 1 }),
    ],
  ])('is not lost when a glance %s', async (_name, glance) => {
    const { ports, ringsBefore } = await setUp('lead-stale');
    await forwardLead(nudgeOf('lead-stale'), () => minute, { ...ports, leads: { ...ports.leads, glance } });
    expect(rings()).toBe(ringsBefore + 1);
  });

  test('does not make a phone ring again when a glance still shows the lead as ready', async () => {
    const { forward, ports, ringsBefore } = await setUp('lead-old');
    const old = await ports.leads.glance('lead-old');
    await forward();
    await forwardLead(nudgeOf('lead-old'), () => minute, {
      ...ports,
      leads: { ...ports.leads, glance: async () => old },
    });
    expect(rings()).toBe(ringsBefore + 1);
  });

  test('before its time does nothing', async () => {
    const { ports, forward, ringsBefore } = await setUp('lead-d');
    await ports.leads.change('lead-d', (lead) => ({
      ...lead,
      deliveries: lead.deliveries.map((delivery) => ({ ...delivery, nextAt: Date.now() + minute })),
    }));
    expect(await forward()).toMatchObject({ state: 'READY', attempts: 0 });
    expect(rings()).toBe(ringsBefore);
  });

  test('that went to the wrong provider goes on to the right one', async () => {
    const { ports, nudges } = await setUp('lead-e');
    await forwardLead(nudgeOf('lead-e'), () => minute, { ...ports, provider: 'pozvonim' });
    expect(nudges).toEqual([['callkeeper', nudgeOf('lead-e'), 0]]);
  });

  test('for an account that has left the config holds the lead', async () => {
    const { ports, forward } = await setUp('lead-f');
    ports.config = { ...ports.config, accounts: {} };
    expect(await forward()).toMatchObject({
      state: 'HELD',
      reason: expect.stringContaining('no longer in the config'),
    });
  });
});

describe('a claim', () => {
  test('is not made when the function’s time may not last: another invocation gets the nudge', async () => {
    const { ports, nudges, ringsBefore } = await setUp('lead-g');
    await forwardLead(nudgeOf('lead-g'), () => 24_000, ports);
    expect(nudges).toEqual([['callkeeper', nudgeOf('lead-g'), 0]]);
    expect((await ports.leads.get('lead-g'))?.deliveries[0]).toMatchObject({ state: 'READY', attempts: 0 });
    expect(rings()).toBe(ringsBefore);
  });

  test('that took so long that the request might outlive it is given back, and nothing is sent', async () => {
    const { ports, ringsBefore } = await setUp('lead-h');
    let late = 0;
    const { applyEvent, clock } = ports;
    ports.clock = () => clock() + late;
    ports.applyEvent = async (...event) => {
      const applied = await applyEvent(...event);
      if (event[2].type === 'claim') late = 6_000;
      return applied;
    };
    await forwardLead(nudgeOf('lead-h'), () => minute, ports);
    expect((await ports.leads.get('lead-h'))?.deliveries[0]).toMatchObject({
      state: 'READY',
      reason: 'claiming took too long, nothing was sent',
    });
    expect(rings()).toBe(ringsBefore);
  });

  test('is not made for an account whose turn was over before it was written', async () => {
    const { ports, ringsBefore } = await setUp('lead-i');
    const { applyEvent } = ports;
    ports.applyEvent = async (lead, delivery, event) => {
      if (event.type === 'claim') {
        await ports.leads.change(lead, (stored) => ({
          ...stored,
          deliveries: stored.deliveries.map((one) => ({ ...one, account: 'spare' })),
        }));
      }
      return applyEvent(lead, delivery, event);
    };
    await forwardLead(nudgeOf('lead-i'), () => minute, ports);
    expect((await ports.leads.get('lead-i'))?.deliveries[0]).toMatchObject({ state: 'READY', attempts: 0 });
    expect(rings()).toBe(ringsBefore);
  });

  test('whose function dies before it can tell stays made, and no repeat rings', async () => {
    const { ports, forward, ringsBefore } = await setUp('lead-j');
    const { applyEvent } = ports;
    ports.applyEvent = async (lead, delivery, event) => {
      if (event.type === 'placed') throw new Error('the table is away');
      return applyEvent(lead, delivery, event);
    };
    await expect(forward()).rejects.toThrow('the table is away');
    ports.applyEvent = applyEvent;
    expect(await forward()).toMatchObject({ state: 'CALLING', attempts: 1 });
    expect(rings()).toBe(ringsBefore + 1);
  });
});

test('in a batch, a delivery that crashes leaves the others alone', async () => {
  const { ports } = await setUp('lead-k');
  const lead = await ports.leads.get('lead-k');
  if (lead) await ports.leads.create({ ...lead, id: 'bad', phone: '+79161112244' });
  const { applyEvent } = ports;
  ports.applyEvent = (id, ...event) =>
    id === 'bad' ? Promise.reject(new Error('the table is away')) : applyEvent(id, ...event);
  const results = await forwardBatch(['bad', 'lead-k'].map(nudgeOf), () => minute, { ...ports, wait: async () => {} });
  expect(results.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
  expect((await ports.leads.get('lead-k'))?.deliveries[0]?.state).toBe('PLACED');
});
