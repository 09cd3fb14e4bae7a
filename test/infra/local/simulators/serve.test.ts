import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Pozvonim, startPozvonim } from '../../../shared/providers/pozvonim/set-up.ts';

let service: Pozvonim;
beforeEach(async () => {
  service = await startPozvonim();
});
afterEach(() => service.close());

const phone = '79161112233';

async function order(what: string, body?: unknown) {
  const request = { method: 'POST', ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const response = await fetch(`${service.origin}/_simulator/${what}`, request);
  return response.status;
}

test('a fault of one path can be ordered from outside', async () => {
  expect(await order('faults', { fault: 'too-many', path: '/profile' })).toBe(204);
  const connection = service.connect();
  await connection.invoke('listSites', {});
  await expect(connection.invoke('getProfile', {})).rejects.toMatchObject({ status: 429 });
  await connection.invoke('getProfile', {});
});

test('lists can be told to lag', async () => {
  expect(await order('list-lag', { ms: 5_000 })).toBe(204);
  const connection = service.connect();
  await connection.invoke('call', { siteId: 3001, phone });
  expect(await connection.invoke('listCalls', {})).toEqual([]);
  service.time.now += 5_000;
  expect(await connection.invoke('listCalls', {})).toHaveLength(1);
});

test('tokens can be revoked, and the next request fetches a new one', async () => {
  const connection = service.connect();
  await connection.invoke('getProfile', {});
  expect(await order('revoke-tokens')).toBe(204);
  service.requests.length = 0;
  await connection.invoke('getProfile', {});
  expect(service.requests).toEqual(['GET /v2u/profile', 'GET /v2u/auth/token', 'GET /v2u/profile']);
});

test.each([
  ['faults', { fault: 'flood' }],
  ['faults', { path: '/profile' }],
  ['list-lag', { ms: -1 }],
  ['list-lag', 'not an object'],
  ['moonshine', {}],
])('an order of %s %j is refused', async (what, body) => {
  expect(await order(what, body)).toBe(400);
  await service.connect().invoke('getProfile', {});
});
