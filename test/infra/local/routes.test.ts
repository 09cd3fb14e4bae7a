import { expect, test } from 'vitest';
import { matchRoute } from '../../../infra/local/routes.ts';

const routesOf = (...keys: string[]) => keys.map((key) => ({ key, functionName: key, timeoutMs: 30_000 }));
const routes = routesOf(
  '$default',
  'ANY /f/{formId}',
  'GET /api/leads',
  'GET /api/leads/{id}',
  'POST /api/leads/{id}/{action}',
);

const match = (method: string, path: string, among = routes.slice(1)) => {
  const found = matchRoute(among, method, path);
  return found && [found.route.key, found.pathParameters];
};

test('matches fixed parts exactly and hands out parameters', () => {
  expect(match('GET', '/api/leads')).toEqual(['GET /api/leads', {}]);
  expect(match('GET', '/api/leads/a1')).toEqual(['GET /api/leads/{id}', { id: 'a1' }]);
  expect(match('POST', '/api/leads/a1/retry')).toEqual([
    'POST /api/leads/{id}/{action}',
    { id: 'a1', action: 'retry' },
  ]);
});

test('a route for ANY takes every method', () => {
  expect(match('OPTIONS', '/f/callback')).toEqual(['ANY /f/{formId}', { formId: 'callback' }]);
});

test.each([
  ['DELETE', '/api/leads'],
  ['GET', '/api'],
  ['GET', '/api/leads/'],
  ['GET', '/api/leads/a1/b2'],
  ['POST', '/f'],
  ['POST', '/f/'],
  ['POST', '/F/callback'],
  ['POST', '/f/callback/'],
])('has nothing for %s %s', (method, path) => {
  expect(match(method, path)).toBeUndefined();
});

test('takes the most specific route, whatever the order', () => {
  const keys = ['$default', 'ANY /{proxy+}', 'ANY /f/{id}', 'POST /f/{id}', 'ANY /f/test'];
  for (const among of [routesOf(...keys), routesOf(...keys.toReversed())]) {
    expect(match('POST', '/f/test', among)?.[0]).toBe('ANY /f/test');
    expect(match('POST', '/f/other', among)?.[0]).toBe('POST /f/{id}');
    expect(match('GET', '/f/other', among)?.[0]).toBe('ANY /f/{id}');
    expect(match('GET', '/a/b/c', among)).toEqual(['ANY /{proxy+}', { proxy: 'a/b/c' }]);
    expect(match('GET', '/', among)?.[0]).toBe('$default');
  }
});
