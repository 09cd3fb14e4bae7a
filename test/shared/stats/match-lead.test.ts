import { describe, expect, test } from 'vitest';
import { parseConfig } from '#shared/config/load-config.ts';
import type { Delivery } from '#shared/lead/delivery.ts';
import { matchLead, mayBeOfLastAttempt } from '#shared/stats/match-lead.ts';
import { makeLead } from '../../support/leads.ts';

const second = 1_000;
const start = makeLead().createdAt;
const openInAnHour = `${new Date(start + 3_600_000).toISOString().slice(11, 13)}002400`;
const config = parseConfig({
  accounts: {
    main: { provider: 'callkeeper', unique: 'acme', whash: 'w1', apiak: { secret: 'key' } },
    spare: { provider: 'pozvonim', uid: 1, siteId: 2, apiKey: { secret: 'key' } },
  },
  forms: {
    main: { name: 'Call me', origins: ['https://acme.example'], call: ['main', 'spare'] },
    // Closed when the tests begin: it opens an hour later.
    later: {
      name: 'Call me',
      origins: ['https://acme.example'],
      call: ['main'],
      hours: { timeZone: 'UTC', open: openInAnHour },
    },
  },
});
const call = { callId: '7', startedAt: start + second };

const unknown: Partial<Delivery> = {
  state: 'UNKNOWN',
  attempts: 1,
  claim: { owner: 'me', startedAt: start, deadline: start + 25 * second },
  endedAt: start + 15 * second,
};
const leadOf = (id: string, delivery: Partial<Delivery>, createdAt = start) =>
  makeLead({ id, createdAt, deliveries: [{ route: ['main', 'spare'], account: 'main', ...delivery }] });
const match = (...leads: ReturnType<typeof leadOf>[]) => matchLead('callkeeper', call, leads, config)?.lead.id;

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

  test('may be one that was put off until the form of another lead opens', () => {
    const opensAt = start + 60 * 60 * second;
    const putOff = { ...leadOf('put off', { ...unknown, state: 'HELD' }), form: 'later' };
    const claim = { owner: 'you', startedAt: opensAt, deadline: opensAt + 25 * second };
    const lost = leadOf('lost', { ...unknown, claim, endedAt: opensAt + 15 * second }, opensAt);
    const atOpening = { callId: '7', startedAt: opensAt + second };
    expect(matchLead('callkeeper', atOpening, [lost], config)?.lead.id).toBe('lost');
    expect(matchLead('callkeeper', atOpening, [lost, putOff], config)).toBeUndefined();
  });

  test('may have begun in the very second in which, by a clock that is ahead, its lead was sent', () => {
    const ahead = leadOf('other', unknown, start + 2 * 60 * second + second + 900);
    expect(match(leadOf('lost', unknown), ahead)).toBeUndefined();
  });
});

test('a call of an earlier attempt, by this account or by another, says nothing of the last one', () => {
  const [delivery] = leadOf('released', unknown, start - 600 * second).deliveries as [Delivery];
  const isOfLast = (provider: string, startedAt: number | null) =>
    mayBeOfLastAttempt(provider, { startedAt }, delivery, config.accounts);
  expect(isOfLast('callkeeper', start + second)).toBe(true);
  expect(isOfLast('callkeeper', null)).toBe(true);
  expect(isOfLast('callkeeper', start - 300 * second)).toBe(false);
  expect(isOfLast('pozvonim', start + second)).toBe(false);
});
