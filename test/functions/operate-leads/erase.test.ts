import { expect, test } from 'vitest';
import { operateLeads } from '../../../functions/operate-leads/operate-leads.ts';
import { describeOnBothTables } from '../../shared/store/tables.ts';
import { createOperator } from '../../support/operator.ts';
import { asJson, createSite } from '../submit-form/fixture.ts';

const noon = Date.UTC(2026, 10, 22, 12);
let sent = 0;

describeOnBothTables('a lead that is erased', (table) => {
  /** A form, the operator's API and the table between them. */
  function open() {
    const operator = createOperator(table(), noon);
    const { ports } = operator;
    const phone = `+7916222${String(++sent).padStart(4, '0')}`;
    const site = createSite({}, { leads: ports.leads, clock: ports.clock });
    const submit = async (fields: Record<string, string>, key?: string) => {
      const { json, headers } = await site.send(asJson({ phone, ...fields }, key ? { 'idempotency-key': key } : {}));
      return { id: json.id as string, replayed: headers['idempotency-replayed'] === 'true' };
    };
    const request = async (route: string, id: string) => {
      const { body = '' } = await operateLeads({ route, path: { id } }, ports);
      return JSON.parse(body);
    };
    const rowOf = async (id: string) => JSON.stringify(await table().get(`lead#${id}`));
    return { ...operator, nudges: site.nudges, phone, submit, request, rowOf };
  }

  test('is gone from every answer', async () => {
    const { submit, request, phone, ports } = open();
    const { id } = await submit({ name: 'Canary Name' }, 'key-1');
    expect(await request('DELETE /api/leads/{id}', id)).toEqual({ ok: true, id });
    for (const route of ['GET /api/leads/{id}', 'DELETE /api/leads/{id}', 'POST /api/leads/{id}/retry']) {
      await expect(request(route, id)).rejects.toMatchObject({ status: 404 });
    }
    const { body } = await operateLeads({ route: 'GET /api/leads', query: { phone } }, ports);
    expect(JSON.parse(body ?? '')).toEqual({ leads: [], cursor: null });
  });

  test.each([
    ['a key', 'key-2'],
    ['its window', undefined],
  ])('by %s is still recognised: the first answer, and no second ring', async (_by, key) => {
    const { submit, request, nudges, rowOf, phone } = open();
    const { id } = await submit({ name: 'Canary Name' }, key);
    await request('DELETE /api/leads/{id}', id);
    nudges.length = 0;
    expect(await submit({ name: 'Canary Name' }, key)).toEqual({ id, replayed: true });
    expect(await submit({ name: 'Canary Two' }, key)).toEqual({ id, replayed: true });
    expect(nudges).toEqual([]);
    expect(await rowOf(id)).not.toMatch(new RegExp(`Canary|203\\.0\\.113|${phone.slice(1)}`));
  });

  test('never rings: what was still waiting is cancelled, and a nudge that comes late finds nothing', async () => {
    const { submit, request, happen, rowOf } = open();
    const { id } = await submit({}, 'key-3');
    await request('DELETE /api/leads/{id}', id);
    expect(JSON.parse(await rowOf(id)).value.deliveries).toMatchObject([
      { state: 'CANCELLED' },
      { state: 'CANCELLED' },
    ]);
    expect(await happen(id, { type: 'claim', owner: 'late', account: 'main', deadline: noon + 1_000 })).toBeUndefined();
  });

  test('is kept while the provider is being asked or looked up, and can be erased after', async () => {
    const { submit, request, happen, pulls, erasures } = open();
    const { id } = await submit({}, 'key-4');
    const busy = { status: 409, code: 'busy' };
    await happen(id, { type: 'claim', owner: 'me', account: 'main', deadline: noon + 1_000 });
    await expect(request('DELETE /api/leads/{id}', id)).rejects.toMatchObject(busy);
    await happen(id, { type: 'failed', owner: 'me', fault: 'unknown', reason: 'no answer in time' });
    await expect(request('DELETE /api/leads/{id}', id)).rejects.toMatchObject(busy);
    expect([pulls, (await erasures.get('main')).filter(({ lead }) => lead === id)]).toEqual([[], []]);
    await happen(id, { type: 'found', attempt: 1, providerId: '7' });
    expect(await request('DELETE /api/leads/{id}', id)).toEqual({ ok: true, id });
  });

  test('is asked to go from the exports of every account whose calls are listed, by its hash', async () => {
    const { submit, request, pulls, phone, erasures, erasedPhones } = open();
    const { id } = await submit({}, 'key-5');
    await request('DELETE /api/leads/{id}', id);
    expect(pulls).toEqual([{ account: 'main' }, { account: 'spare' }]);
    const hashOf = await erasedPhones.hasher();
    const asked = { lead: id, phone: hashOf(phone), next: '2026-11-22', to: '2026-11-22' };
    for (const account of ['main', 'spare']) expect(await erasures.get(account)).toContainEqual(asked);
    expect(await erasures.get('ads')).toEqual([]);
    const span = { from: noon - 600_000, until: noon };
    expect(await erasedPhones.spansOf([phone])).toEqual(new Map([[phone, span]]));
  });

  test('is asked of no account when no provider saw it, as every rehearsal', async () => {
    const { submit, request, happen, pulls, phone, erasures, erasedPhones } = open();
    const { id } = await submit({}, 'key-7');
    for (const [delivery, account] of Object.entries({ call: 'main', 'track:copy': 'copy' })) {
      await happen(id, { type: 'claim', owner: 'me', account, deadline: noon + 1_000 }, delivery);
      await happen(id, { type: 'placed', owner: 'me', providerId: 'rehearsal' }, delivery);
    }
    expect(await request('DELETE /api/leads/{id}', id)).toEqual({ ok: true, id });
    const asked = (await erasures.get('main')).filter(({ lead }) => lead === id);
    expect({ pulls, asked, marked: await erasedPhones.spansOf([phone]) }).toEqual({
      pulls: [],
      asked: [],
      marked: new Map(),
    });
  });

  test('is asked of every account when it rang before its form began to rehearse', async () => {
    const { submit, request, happen, pulls } = open();
    const { id } = await submit({}, 'key-8');
    const claim = { type: 'claim', account: 'main', deadline: noon + 1_000 } as const;
    await happen(id, { ...claim, owner: 'me' });
    await happen(id, { type: 'failed', owner: 'me', fault: 'unknown', reason: 'no answer in time' });
    await happen(id, { type: 'unknowable', attempt: 1, reason: 'two calls' });
    await happen(id, { type: 'release', attempts: 1 });
    await happen(id, { ...claim, owner: 'next' });
    await happen(id, { type: 'placed', owner: 'next', providerId: 'rehearsal' });
    await happen(id, { ...claim, account: 'copy', owner: 'copy' }, 'track:copy');
    await happen(id, { type: 'placed', owner: 'copy', providerId: 'rehearsal' }, 'track:copy');
    await request('DELETE /api/leads/{id}', id);
    expect(pulls).toEqual([{ account: 'main' }, { account: 'spare' }]);
  });

  test('gives its own calls to nobody, and leaves those of others alone', async () => {
    const { submit, request, happen, callOwners } = open();
    const { id } = await submit({}, 'key-6');
    await happen(id, { type: 'claim', owner: 'me', account: 'main', deadline: noon + 1_000 });
    await happen(id, { type: 'placed', owner: 'me', providerId: `own of ${id}` });
    await callOwners.take('callkeeper', `own of ${id}`, id);
    await callOwners.take('calltouch', `own of ${id}`, 'another');
    await request('DELETE /api/leads/{id}', id);
    expect(await callOwners.ownerOf('callkeeper', `own of ${id}`)).toBe('erased');
    expect(await callOwners.ownerOf('calltouch', `own of ${id}`)).toBe('another');
  });

  test('leaves the keyed hash of its phone: another lead of the same ten minutes is known for a duplicate', async () => {
    const { submit, request, ports, phone } = open();
    const { id } = await submit({}, undefined);
    const limit = { calls: 5, perHours: 24 };
    const admission = { form: 'callback', windowFrom: noon };
    await ports.phones.admit(phone, { lead: id, ...admission }, limit);
    await request('DELETE /api/leads/{id}', id);
    expect(await ports.phones.admit(phone, { lead: 'next', ...admission }, limit)).toBe('duplicate');
  });
});
