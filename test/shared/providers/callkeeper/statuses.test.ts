import { expect, test } from 'vitest';
import { describeStatus, knownStatuses } from '#shared/providers/callkeeper/statuses.ts';

/** "Возможные статусы по звонку" of the REST API document. */
const documented = [
  ...'1/0 2/0 200/0 200/1 200/200 200/400 200/403 200/404 200/406 200/408 200/410 200/461 200/480 200/484'.split(' '),
  ...'200/486 200/487 200/491 200/500 200/502 200/503 200/504 200/600 200/603 200/708 200/718 403/0 404/0'.split(' '),
  ...'408/0 480/0 484/0 486/0 487/0 488/0 491/0 500/0 502/0 503/0 603/0 604/0 667/0 668/0 701/0 702/0'.split(' '),
  ...'703/0 704/0 705/0 707/0 708/0 709/0 710/0 718/0 720/0 790/0 811/0 812/0 813/0 814/0 815/0'.split(' '),
];
/** Beyond the document's table. */
const seen = '101/200 101/480 101/486 200/199 200/201 200/401 200/604 200/717 504/0 706/0'.split(' ');

test('the table holds every pair of the document and every pair seen beyond it, each once, and no other', () => {
  expect(documented).toHaveLength(58);
  expect(knownStatuses.map(({ pair }) => pair).toSorted()).toEqual([...documented, ...seen].toSorted());
});

test('every pair has an outcome and says it in Russian and in English', () => {
  for (const { pair, outcome, ru, en } of knownStatuses) {
    expect(outcome, pair).not.toBe('unknown');
    expect(ru, pair).toMatch(/[а-яё]/i);
    expect(en, pair).toMatch(/^[\x20-\x7e]+$/);
  }
});

test('only a call under way, a scheduled one and one that waits for its status can still change', () => {
  const open = knownStatuses.filter(({ final }) => !final).map(({ pair }) => pair);
  expect(open.toSorted()).toEqual(['1/0', '2/0', '707/0']);
});

test('200/200 alone is an answered call', () => {
  expect(knownStatuses.filter(({ outcome }) => outcome === 'answered').map(({ pair }) => pair)).toEqual(['200/200']);
});

test.each([
  [200, 486, 'busy', 'client'],
  [486, 0, 'busy', 'manager'],
  ['200', '487', 'no-answer', 'client'],
  ['487', '0', 'no-answer', 'manager'],
  [200, 404, 'wrong-number', 'client'],
  [404, 0, 'wrong-number', 'manager'],
  [200, 503, 'technical', 'operator'],
  [704, 0, 'technical', 'system'],
  [811, 0, 'account', 'account'],
  [815, 0, 'duplicate', 'none'],
  [101, 200, 'notified', 'none'],
  [200, 201, 'not-called', 'none'],
])('%s/%s is %s on the side of %s', (code, code2, outcome, side) => {
  expect(describeStatus(code, code2)).toMatchObject({ outcome, side });
});

test('an unknown pair is kept and may still change', () => {
  expect(describeStatus(999, 7)).toMatchObject({ pair: '999/7', outcome: 'unknown', side: 'none', final: false });
});
