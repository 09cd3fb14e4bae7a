import * as z from 'zod';
import { checkParams } from '../check-params.ts';
import type { Method } from '../provider.ts';

/** The document stars these groups too, but every field in them has a default: Pozvonim may judge whether it wants them. */
const leftToProvider = ['widget', 'blacklists'];

const pathIdRule = 'is required: an id of letters, digits and hyphens';
const pathId = z
  .union([z.string(), z.number()], { error: pathIdRule })
  .refine((id) => /^[\w-]+$/.test(String(id)), pathIdRule);

/**
 * A method's path with its named parameters filled in, and the rest of the parameters.
 * Throws InvalidRequestError naming each that is required and missing.
 */
export function splitParams({ name, path, required }: Method, given: Record<string, unknown>) {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, field = '']) => field);
  const needed = required.filter((field) => !leftToProvider.includes(field));
  const schema = z
    .looseObject(Object.fromEntries(named.map((field) => [field, pathId])))
    .superRefine((params, context) => {
      for (const field of needed.filter((field) => isMissing(params, field)))
        context.addIssue({ code: 'custom', path: [field], message: 'is required' });
    });
  const params = checkParams(name, schema, given);
  return {
    path: path.replaceAll(/:(\w+)/g, (_, field: string) => String(params[field])),
    rest: Object.fromEntries(Object.entries(params).filter(([field]) => !named.includes(field))),
  };
}

/** `site[url]` may come nested or under that very name: on the wire they are the same. */
function isMissing(params: Record<string, unknown>, name: string): boolean {
  const keys = name.split(/[[\]]+/).filter((key) => key !== '');
  const nested = keys.reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], params);
  return [nested, params[name]].every((value) => value === undefined || value === null || value === '');
}
