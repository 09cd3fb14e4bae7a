import { expect, test } from 'vitest';
import type { Delivery } from '#shared/lead/delivery.ts';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { operateLeads } from '../../../functions/operate-leads/operate-leads.ts';
import { makeLead } from '../../support/leads.ts';
import { createOperator } from '../../support/operator.ts';

const noon = Date.UTC(2026, 10, 22, 12);
const refusals = [{ account: 'main', reason: 'no minutes', at: noon }];
const refused: Partial<Delivery> = { state: 'HELD', refusals, reason: 'no minutes', wakeAt: null };

function open() {
  const operator = createOperator(createMemoryTable(), noon);
  const hold = (id: string, delivery: Partial<Delivery>, at = noon) =>
    operator.leads.create(makeLead({ id, createdAt: at, deliveries: [delivery] }));
  const release = async (account: string, query = {}) => {
    const answer = await operateLeads(
      { route: 'POST /api/accounts/{account}/release', path: { account }, query },
      operator.ports,
    );
    return JSON.parse(answer.body ?? '');
  };
  const state = async (id: string) => (await operator.leads.get(id))?.deliveries[0]?.state;
  return { ...operator, hold, release, state };
}

test('lets everything go that the account refused, and closes its breaker', async () => {
  const { ports, hold, release, state, nudges } = open();
  await ports.breakers.open('main', 'no minutes');
  for (const id of ['a', 'b']) await hold(id, refused);
  expect(await release('main')).toEqual({ released: 2, more: false, cursor: null });
  expect([await state('a'), await state('b')]).toEqual(['READY', 'READY']);
  expect(nudges.map(({ lead }) => lead).sort()).toEqual(['a', 'b']);
  expect(await ports.breakers.look('main')).toBeUndefined();
});

test('leaves alone what is held for another reason: above all a call that may have been placed', async () => {
  const { hold, release, state, nudges } = open();
  const claim = { owner: 'me', startedAt: noon, deadline: noon };
  await hold('unclear', {
    state: 'HELD',
    claim,
    attempts: 1,
    reason: "the call is not in the provider's list",
    wakeAt: null,
  });
  await hold('unclear-after-refusal', { ...refused, claim, attempts: 2 });
  await hold('too-often', { state: 'HELD', reason: 'this phone was rung too often', wakeAt: null });
  await hold('other-account', { ...refused, refusals: [{ account: 'spare', reason: 'no minutes', at: noon }] });
  await hold('expired', { state: 'EXPIRED', refusals, wakeAt: null });
  expect(await release('main')).toMatchObject({ released: 0 });
  const states = await Promise.all(
    ['unclear', 'unclear-after-refusal', 'too-often', 'other-account', 'expired'].map(state),
  );
  expect(states).toEqual(['HELD', 'HELD', 'HELD', 'HELD', 'EXPIRED']);
  expect(nudges).toEqual([]);
});

test('does a bounded part at a time and tells how to go on', async () => {
  const { hold, release, state } = open();
  for (let index = 0; index < 120; index++) await hold(`lead-${index}`, refused, noon - index);
  const first = await release('main');
  expect(first).toMatchObject({ released: 50, more: true });
  expect([await state('lead-49'), await state('lead-50')]).toEqual(['READY', 'HELD']);
  const second = await release('main', { cursor: first.cursor });
  expect(second).toMatchObject({ released: 50, more: true });
  expect(await release('main', { cursor: second.cursor })).toEqual({ released: 20, more: false, cursor: null });
});

test('an account that is not in the config is a 404', async () => {
  const { release } = open();
  for (const account of ['nobody', 'constructor'])
    await expect(release(account)).rejects.toMatchObject({ status: 404 });
});
