import { expect, test } from 'vitest';
import { toOutcome } from '#shared/stats/merge-call.ts';
import { createCallOwners } from '#shared/store/calls.ts';
import { makeCall } from '../stats/calls.ts';
import { describeOnBothTables } from './tables.ts';

const now = Date.UTC(2026, 10, 22, 9);
const day = 86_400_000;
let names = 0;
const fresh = (name: string) => `${name}-${names++}`;
const news = (changes: Parameters<typeof makeCall>[0]) => toOutcome(makeCall(changes));

describeOnBothTables("a provider's call", (table) => {
  const open = () => createCallOwners({ table: table(), newNonce: () => fresh('nonce'), clock: () => now });
  const rowOf = (call: string) => table().get(`call#main#${call}`);

  test('belongs to one lead, the first that takes it', async () => {
    const owners = open();
    const call = fresh('call');
    expect(await owners.ownerOf('main', call)).toBeUndefined();
    expect(await owners.take('main', call, 'lead-a')).toEqual({ owner: 'lead-a', reports: [] });
    expect(await owners.take('main', call, 'lead-b')).toMatchObject({ owner: 'lead-a' });
    expect(await owners.take('main', call, 'lead-a')).toMatchObject({ owner: 'lead-a' });
    expect(await owners.take('other', call, 'lead-b')).toMatchObject({ owner: 'lead-b' });
    expect(await owners.ownerOf('main', call)).toBe('lead-a');
    expect(await owners.ownersOf('main', [call, fresh('nobody')])).toEqual(new Map([[call, 'lead-a']]));
  });

  test('of many who take it at once goes to one', async () => {
    const call = fresh('call');
    const taken = await Promise.all(['a', 'b', 'c', 'd'].map((lead) => open().take('main', call, lead)));
    expect(new Set(taken.map(({ owner }) => owner)).size).toBe(1);
  });

  test('brings what was reported while it was nobody’s, the last ten', async () => {
    const owners = open();
    const callId = fresh('call');
    for (let talkSeconds = 1; talkSeconds <= 12; talkSeconds++) {
      expect(await owners.report('main', news({ callId, talkSeconds }))).toBeUndefined();
    }
    expect(await owners.ownerOf('main', callId)).toBeUndefined();
    expect(await owners.ownersOf('main', [callId])).toEqual(new Map());
    expect((await rowOf(callId))?.expiresAt).toBe(now + 7 * day);
    const { owner, reports } = await owners.take('main', callId, 'lead-a');
    expect(owner).toBe('lead-a');
    expect(reports.map(({ talkSeconds }) => talkSeconds)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(await owners.report('main', news({ callId }))).toBe('lead-a');
    expect((await rowOf(callId))?.expiresAt).toBe(now + 90 * day);
  });

  test('news and taker at once: either the taker gets the news, or the news find the taker', async () => {
    for (let round = 0; round < 20; round++) {
      const callId = fresh('call');
      const [owner, taken] = await Promise.all([
        open().report('main', news({ callId })),
        open().take('main', callId, 'lead-a'),
      ]);
      expect(owner === 'lead-a' || taken.reports.length === 1).toBe(true);
    }
  });
});
