import { expect, test } from 'vitest';
import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { operateLeads } from '../../../functions/operate-leads/operate-leads.ts';
import { describeOnBothTables } from '../../shared/store/tables.ts';
import { makeLead } from '../../support/leads.ts';
import { createOperator } from '../../support/operator.ts';

const minute = 60_000;
const noon = Date.UTC(2026, 10, 22, 12);
const [call] = newDeliveries({ call: ['main', 'spare'], track: [] }, noon) as [Delivery];
let ids = 0;

describeOnBothTables('what an operator does to a lead', (table) => {
  async function open(lead: Omit<Parameters<typeof makeLead>[0], 'id'> = {}) {
    const operator = createOperator(table(), noon);
    const { leads, ports } = operator;
    const id = `act-${++ids}-${Math.random().toString(36).slice(2)}`;
    // A phone of its own, for the phones are counted over all leads of the table.
    const phone = `+7916${String(ids).padStart(7, '0')}`;
    await leads.create(makeLead({ id, phone, createdAt: noon, deliveries: [call], ...lead }));
    const act = (action: string) => operateLeads({ route: `POST /api/leads/{id}/${action}`, path: { id } }, ports);
    const stored = async () => (await leads.get(id)) as Lead;
    return { ...operator, id, phone, act, stored };
  }

  const refusedByAll = { ...call, account: 'spare', state: 'HELD' as const, wakeAt: null, nextAt: null };
  const refusals = ['main', 'spare'].map((account) => ({ account, reason: 'no minutes', at: noon }));

  test.each(['retry', 'release'])(
    '%s sends a held call again, along its whole route, with breakers closed',
    async (action) => {
      const { act, ports, time, nudges, id, stored } = await open({ deliveries: [{ ...refusedByAll, refusals }] });
      for (const account of ['main', 'spare']) await ports.breakers.open(account, 'no minutes');
      time.now += 60 * minute;
      const answer = await act(action);
      expect(answer.statusCode).toBe(200);
      expect(JSON.parse(answer.body ?? '')).toMatchObject({
        id,
        state: 'open',
        deliveries: [{ account: 'main', state: 'READY', refusals: [], nextAt: new Date(time.now).toISOString() }],
      });
      expect((await stored()).deliveries[0]).toMatchObject({ since: time.now });
      expect(nudges).toEqual([{ provider: 'callkeeper', lead: id, delivery: 'call' }]);
      for (const account of ['main', 'spare']) expect(await ports.breakers.ask(account)).toEqual({ state: 'closed' });
    },
  );

  test.each(['retry', 'release'])('%s sends an expired copy again and leaves the placed call alone', async (action) => {
    const placed = { ...call, state: 'PLACED' as const, providerId: '7', wakeAt: null };
    const expired = { ...call, id: 'track:ads', kind: 'track' as const, route: ['ads'], account: 'ads' };
    const { act, nudges, id } = await open({ deliveries: [placed, { ...expired, state: 'EXPIRED', wakeAt: null }] });
    const { deliveries } = JSON.parse((await act(action)).body ?? '');
    expect(deliveries).toMatchObject([{ state: 'PLACED', providerId: '7' }, { state: 'READY' }]);
    expect(nudges).toEqual([{ provider: 'calltouch', lead: id, delivery: 'track:ads' }]);
  });

  test('cancel stops what has not left, for good', async () => {
    const { act, happen, id, stored } = await open();
    expect(JSON.parse((await act('cancel')).body ?? '')).toMatchObject({ state: 'done' });
    expect((await stored()).deliveries[0]).toMatchObject({ state: 'CANCELLED', reason: 'cancelled by the operator' });
    const claimed = await happen(id, { type: 'claim', owner: 'late', account: 'main', deadline: noon + minute });
    expect(claimed?.applied).toBe(false);
  });

  test.each([
    ['retry', 'READY', 'it is on its way already'],
    ['release', 'CALLING', 'the provider is being asked right now'],
    ['retry', 'UNKNOWN', "nobody knows yet whether it was placed: it is being looked up in the provider's list"],
    ['retry', 'PLACED', 'the provider has it, a phone would ring twice'],
    ['release', 'REJECTED', 'the provider refused this number for good'],
    ['retry', 'CANCELLED', 'it was cancelled'],
    ['cancel', 'CALLING', 'the provider is being asked right now'],
    ['cancel', 'PLACED', 'the provider has it already'],
    ['cancel', 'REJECTED', 'the provider refused it, nothing is under way'],
    ['cancel', 'CANCELLED', 'it was cancelled already'],
  ] as const)('%s of a call that is %s is refused, with the reason', async (action, state, reason) => {
    const { act, stored, nudges } = await open({ deliveries: [{ ...call, state }] });
    const before = await stored();
    await expect(act(action)).rejects.toMatchObject({
      status: 409,
      code: 'not_applicable',
      message: `There is nothing to ${action}: call: ${reason}.`,
    });
    expect(await stored()).toEqual(before);
    expect(nudges).toEqual([]);
  });

  test('release takes the spam mark away and starts the clock anew; retry does not vouch for it', async () => {
    const { act, stored, nudges, time, id, leads } = await open({ spam: 'honeypot' });
    await expect(act('retry')).rejects.toMatchObject({ status: 409, code: 'spam' });
    time.now += 5 * 60 * minute;
    expect(JSON.parse((await act('release')).body ?? '')).toMatchObject({ state: 'open', spam: null });
    expect((await stored()).deliveries[0]).toMatchObject({ state: 'READY', since: time.now, nextAt: time.now });
    expect(nudges).toEqual([{ provider: 'callkeeper', lead: id, delivery: 'call' }]);
    expect((await leads.due(time.now + minute, 1_000)).map((key) => key.id)).toContain(id);
    await expect(act('release')).rejects.toMatchObject({ status: 409, code: 'not_applicable' });
  });

  test('only release lets a phone ring past its limit', async () => {
    const held = { ...call, state: 'HELD' as const, reason: 'this phone was rung too often', wakeAt: null };
    const { act, happen, id, phone, ports } = await open({ deliveries: [held] });
    const limit = { calls: 1, perHours: 24 };
    const admit = (lead: string) => ports.phones.admit(phone, { lead, form: 'callback', windowFrom: null }, limit);
    await admit('an earlier lead');
    await act('retry');
    expect(await admit(id)).toBe('too-many');
    await happen(id, { type: 'hold', reason: 'this phone was rung too often' });
    await act('release');
    expect(await admit(id)).toBe('admitted');
    expect(await admit('a later lead')).toBe('too-many');
  });

  test.each(['retry', 'cancel', 'release'])('%s of a lead that is not there is a 404', async (action) => {
    const { ports } = await open();
    const request = { route: `POST /api/leads/{id}/${action}`, path: { id: 'nobody' } };
    await expect(operateLeads(request, ports)).rejects.toMatchObject({ status: 404 });
  });
});
