import { expect, test } from 'vitest';
import { createLog } from '#shared/log.ts';

const now = Date.UTC(2026, 10, 22, 9);

function logOf(write: Parameters<ReturnType<typeof createLog>>): unknown {
  const lines: string[] = [];
  createLog(
    'ringback-test',
    () => now,
    (line) => void lines.push(line),
  )(...write);
  expect(lines.join('').match(/\n/g)).toHaveLength(1);
  return JSON.parse(lines.join(''));
}

test('an event is one line of JSON, whatever is in it', () => {
  expect(logOf(['lead accepted', { lead: 'l1', note: 'two\nlines', spam: undefined }])).toEqual({
    event: 'lead accepted',
    lead: 'l1',
    note: 'two\nlines',
  });
});

test('what it measures is embedded for CloudWatch, under the deployment and no other dimension', () => {
  expect(logOf(['leads swept', { due: 3 }, { OldestDueSeconds: 72.5, AcceptedLeads: 1 }])).toEqual({
    event: 'leads swept',
    due: 3,
    OldestDueSeconds: 72.5,
    AcceptedLeads: 1,
    stack: 'ringback-test',
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [
        {
          Namespace: 'Ringback',
          Dimensions: [['stack']],
          Metrics: [
            { Name: 'OldestDueSeconds', Unit: 'Seconds' },
            { Name: 'AcceptedLeads', Unit: 'Count' },
          ],
        },
      ],
    },
  });
});
