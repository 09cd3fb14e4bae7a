import { expect, test } from 'vitest';
import type { Call, ProviderCall } from '#shared/stats/call.ts';
import { callSet } from '#shared/stats/data-set.ts';
import { addDays } from '#shared/stats/day.ts';
import { createStatsExport } from '#shared/stats/export.ts';
import { createUnfinishedStore } from '#shared/stats/unfinished.ts';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { pullDay, type Source } from '../../../functions/pull-stats/pull-day.ts';
import { makeCall } from '../../shared/stats/calls.ts';
import { readExport } from './set-up.ts';

/** Days pulled from a provider that lists for each day what `listed` says. */
function createDays(listed: (day: string) => ProviderCall[]) {
  const clock = () => Date.parse('2026-11-03T12:00:00Z');
  const objects = createMemoryObjects();
  let nonces = 0;
  const newNonce = () => `${++nonces}`.padStart(12, '0');
  const statsExport = createStatsExport({ objects, bucket: 'stats', formats: ['ndjson'], newNonce, clock });
  const source: Source<Call> = {
    set: callSet,
    async *list({ from }) {
      yield listed(new Date(from).toISOString().slice(0, 10));
    },
    isOwn: () => true,
    join: async (calls) =>
      calls.map((call) => ({ ...call, provider: 'callkeeper', account: 'main', leadId: null, leadAcceptedAt: null })),
    note() {},
  };
  const pull = async (date: string) => {
    const partition = { provider: 'callkeeper', account: 'main', date };
    const standing = { settled: false, others: [addDays(date, 1)] };
    const hasTime = () => true;
    const goOn = async () => {};
    const unfinished = createUnfinishedStore({ objects, newNonce });
    const ports = { statsExport, unfinished, pull: 'one', goOn, confirm: goOn, hasTime, hasTimeFor: hasTime };
    return (await pullDay(partition, source, standing, ports))?.outcome;
  };
  return { objects, pull };
}

test('a call without a start that is listed in two days belongs to the first, however often they are pulled', async () => {
  let others = 1;
  const { objects, pull } = createDays((day) => [
    makeCall({ callId: 'undated', startedAt: null }),
    makeCall({ callId: `${day}-${others}`, startedAt: Date.parse(day) }),
  ]);
  const undated = async () => (await readExport(objects)).filter(({ callId }) => callId === 'undated').length;
  expect([await pull('2026-11-01'), await pull('2026-11-02'), await undated()]).toEqual(['written', 'written', 1]);
  expect([await pull('2026-11-01'), await pull('2026-11-02'), await undated()]).toEqual(['unchanged', 'unchanged', 1]);
  others = 2;
  expect([await pull('2026-11-02'), await undated()]).toEqual(['written', 1]);
});
