import { describe, expect, test } from 'vitest';
import { missedLeads, outcomes, perDay, perHour, perSource, timesToCall } from '../../../cli/report/figures.ts';
import { reportPage } from '../../../cli/report/page.ts';
import { makeApiLead, makeExportedCall } from './samples.ts';

const timeZone = 'Europe/Moscow';
const missed = { answered: false, outcome: 'busy', failedSide: 'client', talkSeconds: 0 } as const;

describe('the figures of a report', () => {
  test('count by the day of the zone, in which a late evening is the next day', () => {
    const leads = [
      makeApiLead({ createdAt: '2026-11-21T22:30:00.000Z' }),
      makeApiLead({ createdAt: '2026-11-21T12:00:00.000Z' }),
    ];
    const calls = [
      makeExportedCall({ startedAt: '2026-11-21T22:31:00.000Z' }),
      makeExportedCall({ ...missed, startedAt: '2026-11-21T23:00:00.000Z' }),
      makeExportedCall({ startedAt: null }),
    ];
    expect(perDay({ leads, calls, timeZone }).rows).toEqual([
      ['2026-11-21', 1, 0, 0, null],
      ['2026-11-22', 1, 2, 1, 50],
    ]);
  });

  test('measure from the form to the first ring and to the first answer', () => {
    const leads = [makeApiLead({ id: 'a' }), makeApiLead({ id: 'b' })];
    const calls = [
      makeExportedCall({ ...missed, leadId: 'a', startedAt: '2026-11-22T09:00:05.000Z' }),
      makeExportedCall({ leadId: 'a', startedAt: '2026-11-22T09:05:00.000Z' }),
      makeExportedCall({ leadId: 'b', startedAt: '2026-11-22T09:00:20.000Z' }),
      makeExportedCall({ leadId: null, startedAt: '2026-11-22T09:00:01.000Z' }),
    ];
    const { rows, medians } = timesToCall({ leads, calls, timeZone });
    expect(rows.slice(0, 5)).toEqual([
      ['≤ 10 s', 1, 0],
      ['≤ 30 s', 1, 0],
      ['≤ 1 min', 0, 1],
      ['≤ 5 min', 0, 0],
      ['≤ 30 min', 0, 1],
    ]);
    expect(medians).toEqual({ ring: 12.5, answer: (315 + 35) / 2 });
  });

  test('tell what calls came to and whose side failed, the most frequent first', () => {
    const calls = [
      makeExportedCall(missed),
      makeExportedCall(),
      makeExportedCall(missed),
      makeExportedCall({ outcome: 'unknown', failedSide: null }),
    ];
    expect(outcomes({ leads: [], calls, timeZone }).rows).toEqual([
      ['busy', 'client', 2],
      ['answered', 'none', 1],
      ['unknown', 'unknown', 1],
    ]);
  });

  test('count by hour and weekday of the zone', () => {
    const calls = [makeExportedCall({ startedAt: '2026-11-22T22:30:00.000Z' })];
    const { rows } = perHour({ leads: [], calls, timeZone });
    expect(rows[1]).toEqual(['01', 1, 0, 0, 0, 0, 0, 0]);
    expect(rows).toHaveLength(24);
    expect(rows.flatMap(([, ...counts]) => counts.map(Number)).reduce((sum, count) => sum + count)).toBe(1);
  });

  test("count a lead's call where the lead came from, any other where the provider says", () => {
    const leads = [makeApiLead({ attribution: { utm_source: 'yandex' } })];
    const calls = [
      makeExportedCall({ utmSource: 'google' }),
      makeExportedCall({ ...missed, leadId: null, utmSource: 'vk' }),
    ];
    expect(perSource({ leads, calls, timeZone }).rows).toEqual([
      ['yandex', 1, 1, 1, 100],
      ['vk', 0, 1, 0, 0],
    ]);
  });

  test('name the leads that nobody has talked to, newest first', () => {
    const leads = [
      makeApiLead({ id: 'reached' }),
      makeApiLead({ id: 'older', createdAt: '2026-11-20T09:00:00.000Z' }),
      makeApiLead({ id: 'newer' }),
      makeApiLead({ id: 'spam', state: 'spam' }),
      makeApiLead({ id: 'copies', deliveries: [] }),
    ];
    const calls = [makeExportedCall({ leadId: 'reached' }), makeExportedCall({ ...missed, leadId: 'newer' })];
    expect(missedLeads({ leads, calls, timeZone }).map(({ id }) => id)).toEqual(['newer', 'older']);
  });
});

test('a report of nothing is a page all the same', () => {
  const page = reportPage({ leads: [], calls: [], timeZone }, { from: '2026-11-01', to: '2026-11-22' });
  expect(page).toContain('Nobody waits for a call');
});
