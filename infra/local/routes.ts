import type { RouteDefinition } from './template.ts';

export type Match = { route: RouteDefinition; pathParameters: Record<string, string> };

/** Finds the route of a request as an HTTP API does: a full match before a method of ANY, a fixed part before a parameter, `{greedy+}` and `$default` last. */
export function matchRoute(routes: RouteDefinition[], method: string, path: string): Match | undefined {
  const matches = routes.flatMap((route) => {
    const match = matchOne(route, method, path);
    return match ? [match] : [];
  });
  return matches.sort((a, b) => compareRank(a.rank, b.rank))[0];
}

/** Per part of the path 0 for fixed, 1 for a parameter, 2 for a greedy one; then 0 for the method itself, 1 for ANY. */
type Rank = number[];

function matchOne(route: RouteDefinition, method: string, path: string): (Match & { rank: Rank }) | undefined {
  if (route.key === '$default') return { route, pathParameters: {}, rank: [3] };
  const [routeMethod, routePath = ''] = route.key.split(' ');
  if (routeMethod !== method && routeMethod !== 'ANY') return undefined;
  const wanted = routePath.split('/').slice(1);
  const given = path.split('/').slice(1);
  const pathParameters: Record<string, string> = {};
  const rank: Rank = [];
  for (const [index, part] of wanted.entries()) {
    const [, name, greedy] = /^\{(.+?)(\+?)\}$/.exec(part) ?? [];
    const value = greedy ? given.slice(index).join('/') : given[index];
    if (name === undefined ? value !== part : !value) return undefined;
    if (name !== undefined) pathParameters[name] = value ?? '';
    rank.push(name === undefined ? 0 : greedy ? 2 : 1);
    if (greedy) return { route, pathParameters, rank: [...rank, 0, routeMethod === 'ANY' ? 1 : 0] };
  }
  if (given.length !== wanted.length) return undefined;
  return { route, pathParameters, rank: [...rank, routeMethod === 'ANY' ? 1 : 0] };
}

function compareRank(a: Rank, b: Rank): number {
  const at = a.findIndex((value, index) => value !== b[index]);
  return at < 0 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
