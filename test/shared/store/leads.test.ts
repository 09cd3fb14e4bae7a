import { expect, test } from 'vitest';
import type { Lead } from '#shared/lead/lead.ts';
import { createLeadStore, sortKey } from '#shared/store/leads.ts';
import type { Table } from '#shared/store/table.ts';
import { makeLead } from '../../support/leads.ts';
import { describeOnBothTables } from './tables.ts';

const day = 24 * 60 * 60_000;
const now = Date.UTC(2026, 10, 22, 9);
let names = 0;
const fresh = (name: string) => `${name}-${names++}`;

function open(table: Table, clock = () => now) {
  return createLeadStore({ table, newNonce: () => fresh('nonce'), clock, retention: () => 30 * day });
}

describeOnBothTables('the lead store', (table) => {
  test('creates a lead once; the second gets the first back', async () => {
    const leads = open(table());
    const lead = makeLead({ id: fresh('a'), name: 'first' });
    expect(await leads.create(lead)).toEqual({ lead, created: true });
    expect(await leads.create({ ...lead, name: 'second' })).toEqual({ lead, created: false });
    expect(await leads.get(lead.id)).toEqual(lead);
    expect(await leads.get(fresh('none'))).toBeUndefined();
  });

  test('is changed without a read by who has seen it last, and by who has not after a read', async () => {
    const reads: string[] = [];
    const counting: Table = {
      ...table(),
      get(pk) {
        reads.push(pk);
        return table().get(pk);
      },
    };
    const leads = open(counting);
    const { id } = (await leads.create(makeLead({ id: fresh('seen'), subject: '' }))).lead;
    const add = (letter: string) => (lead: Lead) => ({ ...lead, subject: lead.subject + letter });
    const seen = await leads.glance(id);
    const { lead, version } = await leads.change(id, add('a'), seen);
    await leads.change(id, add('b'), lead && { lead, version });
    expect(reads).toEqual([]);
    await leads.change(id, add('c'), seen);
    expect(reads).toHaveLength(1);
    expect((await leads.get(id))?.subject).toBe('abc');
  });

  test('does not take what was seen for a reason to do nothing', async () => {
    const leads = open(table());
    const { lead } = await leads.create(makeLead({ id: fresh('stale'), subject: 'old' }));
    const seen = await leads.see(lead.id);
    await leads.change(lead.id, (stored) => ({ ...stored, subject: 'new' }));
    const mend = (stored: Lead) => (stored.subject === 'new' ? { ...stored, subject: 'mended' } : undefined);
    expect(await leads.change(lead.id, mend, seen)).toMatchObject({ written: true, lead: { subject: 'mended' } });
  });

  test('of a hundred at once one creates the lead', async () => {
    const leads = open(table());
    const lead = makeLead({ id: fresh('a') });
    const results = await Promise.all(Array.from({ length: 100 }, () => leads.create(lead)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
  });

  test('knows its own put when the answer to it was lost', async () => {
    const lossy: Table = { ...table(), put: async (row) => (await table().put(row)) && false };
    expect(await open(lossy).create(makeLead({ id: fresh('a') }))).toMatchObject({ created: true });
  });

  test('gives out a lead once that a lagging index names twice', async () => {
    const leads = open(table());
    const [first, second] = [makeLead({ id: fresh('many') }), makeLead({ id: fresh('many') })];
    for (const lead of [first, second]) await leads.create(lead);
    expect(await leads.getMany([second.id, first.id, second.id])).toEqual([second, first]);
  });

  test('never gives out a row of another kind', async () => {
    await table().put({ pk: 'token#main', version: 1, writer: 'w', value: { token: 'secret' } });
    expect(await open(table()).get('token#main')).toBeUndefined();
  });

  test('lists what is due, the most overdue first, and nothing that is over', async () => {
    const leads = open(table());
    const due = async () => (await leads.due(now, 1000)).map(({ id }) => id).filter((id) => ids.includes(id));
    const ids = [fresh('late'), fresh('later'), fresh('future'), fresh('over'), fresh('spam')];
    const [late, later, future, over, spam] = ids as [string, string, string, string, string];
    await leads.create(makeLead({ id: later, deliveries: [{ wakeAt: now }, { wakeAt: null }] }));
    await leads.create(makeLead({ id: late, deliveries: [{ wakeAt: now + day }, { wakeAt: now - 1 }] }));
    await leads.create(makeLead({ id: future, deliveries: [{ wakeAt: now + 1 }] }));
    await leads.create(makeLead({ id: over, deliveries: [{ state: 'PLACED', wakeAt: null }] }));
    await leads.create(makeLead({ id: spam, spam: 'honeypot', deliveries: [{ wakeAt: now }] }));
    expect(await due()).toEqual([late, later]);
  });

  test('lists the leads of a form newest first, and apart from them what a person must see', async () => {
    const leads = open(table());
    const form = fresh('form');
    const ids = [fresh('p'), fresh('p'), fresh('p')] as [string, string, string];
    for (const [index, id] of ids.entries()) await leads.create(makeLead({ id, form, createdAt: now + index }));
    const page = (range: object) => leads.page({ form }, { limit: 10, ...range });
    expect((await page({})).map(({ id }) => id)).toEqual([...ids].reverse());
    expect((await page({ before: sortKey(now + 2, ids[2]) })).map(({ id }) => id)).toEqual([ids[1], ids[0]]);
    expect((await page({ from: sortKey(now + 1, '') })).map(({ id }) => id)).toEqual([ids[2], ids[1]]);
    await leads.change(ids[1], (lead) => ({
      ...lead,
      deliveries: lead.deliveries.map((one) => ({ ...one, state: 'HELD' as const })),
    }));
    const attention = await leads.page({ state: 'attention' }, { limit: 100 });
    expect(attention.map(({ id }) => id).filter((id) => ids.includes(id))).toEqual([ids[1]]);
  });

  test('a held lead whose copy still waits is seen by a person and by the sweeper', async () => {
    const leads = open(table());
    const lead = makeLead({
      id: fresh('both'),
      deliveries: [
        { state: 'HELD', wakeAt: null },
        { state: 'READY', wakeAt: now },
      ],
    });
    await leads.create(lead);
    expect((await leads.due(now, 1000)).map(({ id }) => id)).toContain(lead.id);
    expect((await leads.page({ state: 'attention' }, { limit: 100 })).map(({ id }) => id)).toContain(lead.id);
  });

  test('lets a lead expire after its end, never while it is open or needs a person', async () => {
    const leads = open(table());
    const expiry = async (state: 'READY' | 'HELD' | 'PLACED') => {
      const lead = makeLead({ id: fresh(state), deliveries: [{ state, wakeAt: null }] });
      await leads.create(lead);
      return (await table().get(`lead#${lead.id}`))?.expiresAt;
    };
    expect(await expiry('READY')).toBeUndefined();
    expect(await expiry('HELD')).toBeUndefined();
    expect(await expiry('PLACED')).toBe(now + 30 * day);
  });

  test('needs a person as soon as its call has expired, though a copy is still under way', async () => {
    const leads = open(table());
    const id = fresh('expired');
    const deliveries = [{ state: 'EXPIRED' as const, wakeAt: null }, { state: 'READY' as const }];
    await leads.create(makeLead({ id, deliveries }));
    expect((await leads.page({ state: 'attention' }, { limit: 100 })).map((key) => key.id)).toContain(id);
  });

  test('takes the place of a lead that is past its retention and not removed yet', async () => {
    const past = makeLead({ id: fresh('again'), deliveries: [{ state: 'PLACED', wakeAt: null }] });
    await open(table()).create(past);
    const later = open(table(), () => now + 31 * day);
    const lead = makeLead({ id: past.id, name: 'Next' });
    expect(await later.create(lead)).toEqual({ lead, created: true });
    expect(await later.get(lead.id)).toEqual(lead);
  });
});

describeOnBothTables('an erased lead', (table) => {
  const canary = {
    phone: '+79165550101',
    name: 'Canary Name',
    email: 'canary@acme.example',
    comment: 'Canary comment',
  };
  const personal = { ...canary, fields: { size: 'Canary size' }, visitor: { address: '203.0.113.99' } };

  test('leaves nothing of the person in its row, and is in no list', async () => {
    const leads = open(table());
    const form = fresh('form');
    const held = makeLead({ id: fresh('erased'), form, ...personal, deliveries: [{ state: 'HELD', wakeAt: null }] });
    await leads.create(held);
    expect(await leads.erase(held.id)).toBe('erased');
    const row = await table().get(`lead#${held.id}`);
    expect(row?.value).toMatchObject({ id: held.id, form, deliveries: [{ id: 'call', state: 'CANCELLED' }] });
    expect(JSON.stringify(row)).not.toMatch(/Canary|canary|5550101|203\.0\.113/);
    expect(await leads.page({ form }, { limit: 10 })).toEqual([]);
    const attention = await leads.page({ state: 'attention' }, { limit: 100 });
    expect(attention.map(({ id }) => id)).not.toContain(held.id);
    expect(await leads.get(held.id)).toBeUndefined();
    expect(await leads.getMany([held.id])).toEqual([]);
  });

  test('keeps its id taken: a repeat is no new lead, and writes nothing onto it', async () => {
    const leads = open(table());
    const lead = makeLead({ id: fresh('repeat'), ...personal, deliveries: [{ state: 'PLACED', wakeAt: null }] });
    await leads.create(lead);
    await leads.erase(lead.id);
    expect(await leads.create(lead)).toEqual({ lead, created: false });
    expect(await leads.change(lead.id, (stored) => stored)).toMatchObject({ lead: undefined, written: false });
    expect(JSON.stringify(await table().get(`lead#${lead.id}`))).not.toContain('Canary');
    expect(await leads.erase(lead.id)).toBe('missing');
  });

  test('leaves a trace, without the person, by which its call is told from others, until its retention', async () => {
    const leads = open(table());
    const deliveries = [{ state: 'HELD' as const, attempts: 1, wakeAt: null }];
    const lead = makeLead({ id: fresh('traced'), ...personal, deliveries });
    await leads.create(lead);
    await leads.erase(lead.id);
    const [trace] = await leads.tracesOf([lead.id]);
    expect(trace).toMatchObject({ id: lead.id, deliveries: [{ kind: 'call', attempts: 1, state: 'CANCELLED' }] });
    expect(JSON.stringify(trace)).not.toContain('Canary');
    expect((await table().get(`lead#${lead.id}`))?.expiresAt).toBe(now + 30 * day);
  });

  test.each(['CALLING', 'UNKNOWN'] as const)('is not erased while it is %s', async (state) => {
    const leads = open(table());
    const lead = makeLead({ id: fresh(state), deliveries: [{ state: 'READY' }, { state }] });
    await leads.create(lead);
    expect(await leads.erase(lead.id)).toBe('busy');
    expect(await leads.get(lead.id)).toEqual(lead);
  });

  test('is told from one that never was', async () => {
    expect(await open(table()).erase(fresh('nobody'))).toBe('missing');
  });
});
