import { expect, test } from 'vitest';
import type { CallOutcome, Lead } from '#shared/lead/lead.ts';
import { mergeCall } from '#shared/stats/merge-call.ts';
import { makeLead } from '../../support/leads.ts';

const missed: CallOutcome = {
  callId: '7',
  status: 'unsuccessful',
  answered: false,
  talkSeconds: 0,
  startedAt: makeLead().createdAt,
  recordUrl: null,
  attempt: null,
  final: true,
};

const merge = (lead: Lead, news: CallOutcome, source: 'list' | 'hook') => mergeCall(lead, news, source) ?? lead;

test('a list that does not tell whether a call is over knows better than the hook before it', () => {
  const lead = makeLead({ calls: [missed] });
  const answered = { ...missed, status: 'successful', answered: true, talkSeconds: 65, final: null };
  const listed = merge(lead, answered, 'list');
  expect(listed.calls).toEqual([{ ...answered, final: true }]);
  expect(mergeCall(listed, answered, 'list')).toBeUndefined();
  expect(mergeCall(listed, { ...answered, final: false }, 'hook')).toBeUndefined();
  expect(mergeCall(listed, missed, 'hook')).toBeUndefined();
});

test.each([true, null])(
  'a hook of the beginning, once more, opens no call again that ended missed (final: %j)',
  (final) => {
    const lead = makeLead({ calls: [{ ...missed, final }] });
    const connected = { ...missed, status: 'callconnected', talkSeconds: null, final: false };
    expect(mergeCall(lead, connected, 'hook')).toBeUndefined();
  },
);

test('hooks come to the same in whichever order and however often they come', () => {
  const connected = { ...missed, status: 'callconnected', talkSeconds: null, final: false };
  const completed = { ...missed, status: 'successful', answered: true, talkSeconds: 31 };
  const again = { ...missed, attempt: 2, status: 'callconnected', final: false };
  const recorded = { ...completed, recordUrl: 'https://records.example/1.mp3' };
  const hooks = [connected, completed, again, { ...again, status: 'unsuccessful', final: true }];
  for (const order of permutations([...hooks, recorded])) {
    const lead = [...order, ...order].reduce((known, hook) => merge(known, hook, 'hook'), makeLead());
    expect(lead.calls).toEqual([{ ...again, status: 'unsuccessful', final: true, recordUrl: recorded.recordUrl }]);
  }
});

test('a recording that a hook brings late is kept, and nothing else of it', () => {
  const lead = makeLead({ calls: [{ ...missed, final: null }] });
  const hook = { ...missed, status: 'callconnected', final: false, recordUrl: 'https://records.example/1.mp3' };
  expect(merge(lead, hook, 'hook').calls).toEqual([{ ...missed, final: null, recordUrl: hook.recordUrl }]);
});

test('news without a start leave the one that is known', () => {
  const lead = makeLead({ calls: [{ ...missed, final: false }] });
  const news = { ...missed, startedAt: null, final: true };
  expect(merge(lead, news, 'hook').calls).toEqual([{ ...missed, final: true }]);
  expect(merge(lead, news, 'list').calls).toEqual([{ ...missed, final: true }]);
});

function permutations<Item>(items: Item[]): Item[][] {
  if (items.length === 0) return [[]];
  return items.flatMap((item, at) => permutations(items.toSpliced(at, 1)).map((rest) => [item, ...rest]));
}
