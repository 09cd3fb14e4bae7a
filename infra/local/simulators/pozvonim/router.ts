import type { PhpParams } from '../php-params.ts';
import type { Holding } from './holding.ts';
import { notFound, Refusal } from './refusal.ts';

export type Call = { holding: Holding; params: PhpParams; ids: Record<string, string> };
/** What a method answers; nothing for 204. */
export type Handler = (call: Call) => { status: 200 | 201; body: unknown } | { status: 204 };
/** `GET /sites/:siteId`: verb and path of the document. */
export type Routes = Record<string, Handler>;

export const ok = (body: unknown) => ({ status: 200, body }) as const;
export const created = (body: unknown) => ({ status: 201, body }) as const;
export const gone = { status: 204 } as const;

/** The handler of a path, and the ids in it. A path without a parameter goes before one that has it in that place. */
export function route(routes: Routes, verb: string, path: string): { handler: Handler; ids: Record<string, string> } {
  const matches = Object.entries(routes).flatMap(([key, handler]) => {
    const [routeVerb = '', template = ''] = key.split(' ');
    const ids = match(template, path);
    return ids === undefined ? [] : [{ routeVerb, handler, ids }];
  });
  const found = matches
    .filter(({ routeVerb }) => routeVerb === verb)
    .sort((one, other) => Object.keys(one.ids).length - Object.keys(other.ids).length)[0];
  if (found !== undefined) return found;
  if (matches.length > 0) throw new Refusal(405, 'GEN-METHOD-NOT-ALLOWED', `${verb} is not for this address`);
  throw notFound('METHOD');
}

function match(template: string, path: string): Record<string, string> | undefined {
  const expected = template.split('/');
  const parts = path.split('/');
  if (expected.length !== parts.length) return undefined;
  const ids: Record<string, string> = {};
  for (const [index, name] of expected.entries()) {
    if (name.startsWith(':')) ids[name.slice(1)] = parts[index] ?? '';
    else if (name !== parts[index]) return undefined;
  }
  return ids;
}
