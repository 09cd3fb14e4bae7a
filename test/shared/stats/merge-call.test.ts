import { expect, test } from 'vitest';
import type { CallOutcome } from '#shared/lead/lead.ts';
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

test('a list that does not tell whether a call is over knows better than the hook before it', () => {
  const lead = makeLead({ calls: [missed] });
  const answered = { ...missed, status: 'successful', answered: true, talkSeconds: 65, final: null };
  expect(mergeCall(lead, answered, 'list')?.calls).toEqual([answered]);
  expect(mergeCall(lead, { ...answered, final: false }, 'hook')).toBeUndefined();
});
