import type { PhpParams } from '../php-params.ts';
import { invalid } from './refusal.ts';

const days = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];
const timed = ['onenter', 'onexit', 'onwait'];

/** What the document stars in the tables of a site; what is inside a group counts only where the group is given. */
export const siteParams: readonly string[] = [
  'site',
  'site[url]',
  'managers',
  'managers[0]',
  'managers[0][phone]',
  'widget',
  'blacklists',
  ...days.flatMap((day) => ['', '[from]', '[to]', '[enable]'].map((field) => `widget[schelude][${day}]${field}`)),
  ...timed.flatMap((name) => ['', '[time]', '[enable]'].map((field) => `widget[algoritms][${name}]${field}`)),
  'widget[algoritms][onreturn]',
  'widget[algoritms][onreturn][enable]',
];

/** Throws the refusal that names the first starred parameter that is missing. */
export function requireStarred(params: PhpParams, starred: readonly string[]): void {
  for (const name of starred) {
    const keys = name.split(/[[\]]+/).filter((key) => key !== '');
    const parent = read(params, keys.slice(0, -1));
    const isGroupGiven = keys.length <= 1 || parent !== undefined;
    if (isGroupGiven && (read(params, keys) ?? '') === '') throw invalid(name, 'is required');
  }
}

function read(params: PhpParams, keys: string[]): string | PhpParams | undefined {
  return keys.reduce<string | PhpParams | undefined>(
    (value, key) => (typeof value === 'object' ? value[key] : undefined),
    params,
  );
}
