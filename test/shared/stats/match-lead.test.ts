import { describe, expect, test } from 'vitest';
import type { Delivery } from '#shared/lead/delivery.ts';
import { matchLead } from '#shared/stats/match-lead.ts';
import { makeLead } from '../../support/leads.ts';

const second = 1_000;
const start = makeLead().createdAt;
const accounts = { main: { provider: 'callkeeper' }, spare: { provider: 'pozvonim' } };
const call = { callId: '7', startedAt: start + second };

const unknown: Partial<Delivery> = {
  state: 'UNKNOWN',
  attempts: 1,
  claim: { owner: 'me', startedAt: start, deadline: start + 25 * second },
  endedAt: start + 15 * second,
};
const leadOf = (id: string, delivery: Partial<Delivery>, createdAt = start) =>
  makeLead({ id, createdAt, deliveries: [{ route: ['main', 'spare'], account: 'main', ...delivery }] });
const match = (...leads: ReturnType<typeof leadOf>[]) => matchLead('callkeeper', call, leads, accounts)?.lead.id;

describe('a call that is in the list', () => {
  test('belongs to the one lead that looks for it', () => {
    expect(match(leadOf('lost', unknown))).toBe('lost');
  });

  test('is given to nobody while another lead’s attempt is unknown, too', () => {
    expect(match(leadOf('lost', unknown), leadOf('other', unknown))).toBeUndefined();
  });

  test('is given to nobody while another lead may have placed it here before its turn went to the next account', () => {
    const wentOn = leadOf('other', { state: 'PLACED', attempts: 2, account: 'spare', updatedAt: start + second });
    expect(match(leadOf('lost', unknown), wentOn)).toBeUndefined();
  });

  test('is not taken for that of a lead that was placed at another provider', () => {
    expect(
      match(leadOf('other', { state: 'PLACED', attempts: 1, account: 'spare', updatedAt: start })),
    ).toBeUndefined();
  });

  test('may have begun in the very second in which, by a clock that is ahead, its lead was sent', () => {
    const ahead = leadOf('other', unknown, start + 2 * 60 * second + second + 900);
    expect(match(leadOf('lost', unknown), ahead)).toBeUndefined();
  });
});
