import { describe, expect, test } from 'vitest';
import { createMemoryTable } from '#shared/store/memory-table.ts';
import { createStamps } from '../../../functions/submit-form/stamps.ts';
import { asBrowser, asJson, createSite, site } from './fixture.ts';

const phone = '+79161234567';
const second = 1_000;

const askForStamp = { method: 'GET', rest: '/stamp', headers: { origin: site } };

/** A page that was shown, and filled in for so long. */
async function fillFor(ms: number, form = { minFillSeconds: 3 }) {
  const made = createSite(form);
  const { json } = await made.send(askForStamp);
  made.time.now += ms;
  return { ...made, stamp: json.stamp as string };
}

describe('a form sent back faster than a person can fill it in', () => {
  test('gets the answer that a person gets, is kept as spam, and nobody is nudged', async () => {
    const { send, leads, nudges, stamp } = await fillFor(3 * second - 1);
    const { status, headers } = await send(asBrowser({ phone, _stamp: stamp, _next: '/thanks' }));
    expect({ status, location: headers['location'] }).toEqual({ status: 303, location: `${site}/thanks` });
    expect(leads()).toMatchObject([{ phone, spam: 'too-fast', fields: {} }]);
    expect(nudges).toEqual([]);
  });

  test('and one that took its time rings', async () => {
    const { send, leads, nudges, stamp } = await fillFor(3 * second);
    await send(asJson({ phone, _stamp: stamp }));
    expect(leads()[0]).not.toHaveProperty('spam');
    expect(nudges).toHaveLength(2);
  });

  test('is nothing to a form that asks for no time', async () => {
    const { send, leads, stamp } = await fillFor(0, { minFillSeconds: 0 });
    await send(asJson({ phone, _stamp: stamp }));
    expect(leads()).toMatchObject([{ phone, fields: {} }]);
    expect(leads()[0]).not.toHaveProperty('spam');
  });

  test.each(['', undefined])('without a stamp (%j), as without JavaScript, is let in', async (stamp) => {
    const { send, leads } = await fillFor(0);
    await send(asJson({ phone, ...(stamp === undefined ? {} : { _stamp: stamp }) }));
    expect(leads()[0]).not.toHaveProperty('spam');
  });

  test.each([
    ['made up', (stamp: string) => stamp.replace(/\..*/, `.${'0'.repeat(64)}`)],
    ['dated back', (stamp: string) => stamp.replace(/^\d+/, (at) => String(Number(at) - 60_000))],
    ['cut', (stamp: string) => stamp.slice(0, -1)],
    ['of another shape', () => 'now'],
    ['endless', (stamp: string) => stamp + 'a'.repeat(10_000)],
  ])('with a stamp that is %s is spam', async (_case, forge) => {
    const { send, leads, stamp } = await fillFor(60 * second);
    const { status } = await send(asJson({ phone, _stamp: forge(stamp) }));
    expect({ status, spam: leads()[0]?.spam }).toEqual({ status: 202, spam: 'forged-stamp' });
  });

  test('a stamp is no part of the payload', async () => {
    const { send, stamp } = await fillFor(60 * second);
    await send(asJson({ phone, _key: 'k', _stamp: stamp }));
    const { headers } = await send(asJson({ phone, _key: 'k' }));
    expect(headers).toMatchObject({ 'idempotency-replayed': 'true' });
  });
});

describe('a stamp', () => {
  test('is for one form', async () => {
    let nonces = 0;
    const stamps = createStamps({ table: createMemoryTable(), clock: () => 0, newNonce: () => `nonce-${nonces++}` });
    expect(await stamps.judge('other', await stamps.mint('main'), 0)).toBe('forged-stamp');
  });

  test('that one function signed is known to the others, whoever made up the key', async () => {
    const table = createMemoryTable();
    let nonces = 0;
    const start = () => createStamps({ table, clock: () => 10_000, newNonce: () => `nonce-${nonces++}` });
    const [first, second] = [start(), start()];
    const minted = await Promise.all([first.mint('main'), second.mint('main')]);
    expect(minted[0]).toBe(minted[1]);
    expect(await start().judge('main', minted[0], 0)).toBeUndefined();
  });

  test('is given to the pages of the form, and to no other site', async () => {
    const { send } = createSite();
    const own = await send(askForStamp);
    expect(own.status).toBe(200);
    expect(own.headers).toMatchObject({ 'access-control-allow-origin': site, 'cache-control': 'no-store' });
    const other = await send({ ...askForStamp, headers: { origin: 'https://evil.example' } });
    expect(other.status).toBe(403);
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
  });

  test('is not for a form that is not there, and nothing else is under a form', async () => {
    const { send } = createSite();
    expect((await send({ ...askForStamp, form: 'nobody' })).status).toBe(404);
    expect((await send({ ...askForStamp, rest: '/stamps' })).status).toBe(405);
  });
});
