import { expect, test } from 'vitest';
import { createLog } from '#shared/log.ts';
import { readableLine } from '../../../infra/local/readable-line.ts';

const line = (event: object) => readableLine(JSON.stringify(event));

test('shows an event and its details on one line, the id of a lead in short', () => {
  expect(line({ event: 'lead accepted', form: 'callback', lead: '3ad8c0e06ae823e4ea10a37ccbf9aeed' })).toBe(
    'lead accepted  form=callback  lead=3ad8c0e0…',
  );
});

test('puts first what became of a delivery and how long it took', () => {
  expect(line({ event: 'delivery attempted', account: 'sales', state: 'PLACED', ms: 84 })).toBe(
    'delivery attempted: PLACED in 84 ms  account=sales',
  );
});

test('leaves metrics to CloudWatch', () => {
  const lines: string[] = [];
  const log = createLog('ringback-dev', Date.now, (text) => void lines.push(text.trimEnd()));
  log('leads swept', { due: 2 }, { OldestDueSeconds: 71 });
  expect(readableLine(lines.join(''))).toBe('leads swept  due=2');
});

test('shows a trace under its event', () => {
  expect(line({ event: 'delivery crashed', message: 'm1', error: 'Error: no\n  at ring' })).toBe(
    'delivery crashed  message=m1\n  Error: no\n    at ring',
  );
});

test('leaves other text as it is', () => {
  for (const text of ['plain text', '{ no json', '{"level":"info"}', '5']) expect(readableLine(text)).toBe(text);
});
