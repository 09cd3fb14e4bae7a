import { expect, test } from 'vitest';
import { toOrder } from '#shared/lead/order.ts';
import { makeLead } from '../../support/leads.ts';

const hours = { timeZone: 'Europe/Moscow', open: '09001800' };
const noon = Date.parse('2026-11-23T09:00:00Z');

test('an order bears what the visitor sent, and nothing that they did not', () => {
  const lead = makeLead({
    name: 'Anna',
    comment: 'after lunch',
    fields: { model: 'X' },
    attribution: { current_page: 'https://acme.example/prices?a=1', utm_source: 'ads' },
    visitor: { address: '198.51.100.1' },
  });
  expect(toOrder(lead, undefined, noon)).toEqual({
    leadId: 'lead-1',
    phone: '+79161112233',
    name: 'Anna',
    comment: 'after lunch',
    subject: 'Call me back',
    language: 'en',
    fields: { model: 'X' },
    attribution: { current_page: 'https://acme.example/prices?a=1', utm_source: 'ads' },
    visitor: { address: '198.51.100.1' },
    site: 'acme.example',
    createdAt: lead.createdAt,
  });
});

test('a page that is no address names no site', () => {
  expect(toOrder(makeLead({ attribution: { current_page: '/prices' } }), undefined, noon)).not.toHaveProperty('site');
});

test('while the form is open the phone rings now; a provider is told the hours all the same', () => {
  const order = toOrder(makeLead(), { hours }, noon);
  expect(order.hours).toEqual(hours);
  expect(order).not.toHaveProperty('callAt');
});

test('outside its hours a call is asked for at the next opening', () => {
  const night = Date.parse('2026-11-23T20:00:00Z');
  expect(toOrder(makeLead(), { hours }, night).callAt).toBe(Date.parse('2026-11-24T06:00:00Z'));
});
