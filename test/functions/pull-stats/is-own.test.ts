import { expect, test } from 'vitest';
import { providerNamed } from '#shared/providers/registry.ts';
import { createIsOwn } from '../../../functions/pull-stats/is-own.ts';

const secret = { secret: 'key' };

/** Which of these accounts each record is exported under. */
function ownersOf(provider: string, accounts: Record<string, object>, records: object[]): string[][] {
  const all = Object.fromEntries(Object.entries(accounts).map(([id, account]) => [id, { provider, ...account }]));
  const isOwn = new Map(Object.keys(all).map((id) => [id, createIsOwn(providerNamed(provider), all, id)]));
  return records.map((record) => [...isOwn].filter(([, is]) => is({ raw: JSON.stringify(record) })).map(([id]) => id));
}

test('accounts of one Calltouch site list the same: the first that is pulled has it, another site has its own', () => {
  const accounts = {
    widget: { siteId: '1' },
    adverts: { siteId: '1', apiToken: secret },
    callbacks: { siteId: '1', apiToken: { secret: 'another' } },
    elsewhere: { siteId: '2', apiToken: secret },
  };
  const isPulled = (id: string) => id !== 'widget';
  const [owners = []] = ownersOf('calltouch', accounts, [{ callId: 1 }]);
  expect(owners.filter(isPulled)).toEqual(['adverts', 'elsewhere']);
});

test('accounts that share a CallKeeper key have the calls of their widgets, the first those of no widget', () => {
  const accounts = { one: { apiak: secret, whash: 'w1' }, two: { apiak: secret, walias: 'w2' } };
  const records = [{ widget_hash: 'w2' }, { widget_hash: 'w1' }, { widget_hash: 'w3' }, {}];
  expect(ownersOf('callkeeper', accounts, records)).toEqual([['two'], ['one'], ['one'], ['one']]);
});

test('accounts of one Pozvonim uid have the calls of their sites', () => {
  const accounts = { one: { uid: '7', siteId: '1' }, two: { uid: '7', siteId: '2' }, other: { uid: '8', siteId: '2' } };
  expect(ownersOf('pozvonim', accounts, [{ site_id: 2 }, {}])).toEqual([
    ['two', 'other'],
    ['one', 'other'],
  ]);
});
