import { describe, expect, test } from 'vitest';
import { type Delivery, newDeliveries } from '#shared/lead/delivery.ts';
import { presentLead } from '../../../functions/operate-leads/present.ts';
import { adviseOn } from '../../../functions/serve-console/page/advice.ts';
import { texts } from '../../../functions/serve-console/page/texts.ts';
import { makeLead } from '../../support/leads.ts';

const now = Date.UTC(2026, 10, 22, 9);
const [call, copy] = newDeliveries({ call: ['main'], track: ['ads'] }, now) as [Delivery, Delivery];
const account = { provider: 'callkeeper' };
const refusals = [{ account: 'main', reason: 'no minutes', at: now }];
const claim = { owner: 'me', startedAt: now, deadline: now };

function advise(lead: Parameters<typeof makeLead>[0], accounts = { main: account, ads: account }) {
  return adviseOn(presentLead(makeLead(lead), accounts), texts.en);
}

describe('what a lead needs a person for', () => {
  const { en } = texts;
  test.each<[string, Parameters<typeof makeLead>[0], string[], string[]]>([
    ['nothing while it waits', { deliveries: [call] }, [], ['cancel', 'erase']],
    ['nothing, and no erasing, while a provider is asked', { deliveries: [{ ...call, state: 'CALLING' }] }, [], []],
    ['nothing when it is placed', { deliveries: [{ ...call, state: 'PLACED' }] }, [], ['erase']],
    [
      'a refusal',
      { deliveries: [{ ...call, state: 'HELD', refusals }] },
      [en.adviceRefused],
      ['release', 'cancel', 'erase'],
    ],
    [
      'an unclear call',
      { deliveries: [{ ...call, state: 'HELD', claim }] },
      [en.adviceUnclear],
      ['release', 'cancel', 'erase'],
    ],
    [
      'a phone that rang too often',
      { deliveries: [{ ...call, state: 'HELD', reason: 'this phone was rung too often' }] },
      [en.adviceTooOften],
      ['release', 'cancel', 'erase'],
    ],
    ['a late call', { deliveries: [{ ...call, state: 'EXPIRED' }] }, [en.adviceExpired], ['retry', 'cancel', 'erase']],
    [
      'a copy that did not arrive, beside a call that did',
      {
        deliveries: [
          { ...call, state: 'PLACED' },
          { ...copy, state: 'HELD', refusals },
        ],
      },
      [en.adviceCopy],
      ['release', 'cancel', 'erase'],
    ],
    ['spam', { spam: 'honeypot', deliveries: [call] }, [en.adviceSpam], ['release', 'cancel', 'erase']],
  ])('%s', (_name, lead, words, actions) => {
    expect(advise(lead)).toMatchObject({ words, actions });
  });

  test('an account that has left the config', () => {
    const held = { deliveries: [{ ...call, state: 'HELD' as const, account: 'gone' }] };
    expect(advise(held).words).toEqual([en.adviceNoAccount]);
  });

  test('only a call that may have been placed may ring twice', () => {
    const ringsTwice = (...deliveries: Partial<Delivery>[]) => advise({ deliveries }).ringsTwice;
    expect(ringsTwice({ ...call, state: 'HELD', claim })).toBe(true);
    expect(ringsTwice({ ...call, state: 'HELD', refusals })).toBe(false);
    expect(ringsTwice({ ...call, state: 'PLACED' }, { ...copy, state: 'HELD', claim })).toBe(false);
  });
});

test('both languages have words for the same things, and for none of them the same words', () => {
  const same = Object.keys(texts.en).filter((key) => {
    const [en, ru] = [texts.en, texts.ru].map((language) => JSON.stringify(language[key as keyof typeof language]));
    return en !== undefined && en === ru;
  });
  expect(same).toEqual([]);
  expect(Object.keys(texts.ru).sort()).toEqual(Object.keys(texts.en).sort());
});
