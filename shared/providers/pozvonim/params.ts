import * as z from 'zod';
import { checkParams } from '../check-params.ts';
import type { PozvonimMethod } from './methods.ts';

/** The document stars these groups too, but every field in them has a default: Pozvonim may judge whether it wants them. */
const leftToProvider = ['widget', 'blacklists'];

const pathIdRule = 'is required: an id of letters, digits and hyphens';
const pathId = z
  .union([z.string(), z.number()], { error: pathIdRule })
  .refine((id) => /^[\w-]+$/.test(String(id)), pathIdRule);

/**
 * A method's path with its named parameters filled in, and the rest of the parameters.
 * Throws InvalidRequestError naming each that is required and missing, and each that the document does not list.
 */
export function splitParams({ name, path, required, optional }: PozvonimMethod, given: Record<string, unknown>) {
  const named = [...path.matchAll(/:(\w+)/g)].map(([, field = '']) => field);
  const needed = required.filter((field) => !leftToProvider.includes(field));
  const known = [...named, ...required, ...optional];
  const schema = z
    .looseObject(Object.fromEntries(named.map((field) => [field, pathId])))
    .superRefine((params, context) => {
      for (const field of needed.filter((field) => isMissing(params, field)))
        context.addIssue({ code: 'custom', path: [field], message: 'is required' });
      for (const field of namesOf(params).filter((field) => !isKnown(field, known)))
        context.addIssue({ code: 'custom', path: [field], message: `is not listed, ${hint(field, known)}` });
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

/** The parameters as the document writes them: groups by their brackets, with 0 for every index. */
function namesOf(params: object): string[] {
  const inside = (name: string, value: unknown): string[] =>
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, inner]) => inside(`${name}[${key}]`, inner))
      : [name];
  const names = Object.entries(params).flatMap(([name, value]) => inside(name, value));
  return [...new Set(names.map((name) => name.replaceAll(/\[\d*\]/g, '[0]')))];
}

/** A group may also come empty, under its bare name. */
function isKnown(name: string, known: readonly string[]): boolean {
  return known.some((other) => other === name || other.startsWith(`${name}[`));
}

/** The known names that have the most pairs of neighbouring letters in common with this one. */
function hint(name: string, known: readonly string[]): string {
  if (known.length === 0) return 'the method takes no parameters';
  const own = pairsOf(name);
  const likeness = (other: string) => {
    const pairs = pairsOf(other);
    return pairs.filter((pair) => own.includes(pair)).length / (own.length + pairs.length);
  };
  const nearest = [...known].sort((a, b) => likeness(b) - likeness(a)).slice(0, 3);
  return `the nearest that are: ${nearest.join(', ')}`;
}

function pairsOf(text: string): string[] {
  return Array.from({ length: text.length - 1 }, (_, at) => text.slice(at, at + 2));
}
