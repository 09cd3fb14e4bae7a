import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { mutants } from './mutants.ts';

const root = new URL('../../', import.meta.url);

/** Patches the source of modules as they are loaded from now on, in this thread. Throws when there is no such mutant, or when a patch does not fit. */
export function applyMutant(name: string): void {
  const patches = mutants[name];
  if (patches === undefined)
    throw new Error(`there is no mutant "${name}"; there are ${Object.keys(mutants).join(', ')}`);
  const sources = new Map<string, string>();
  for (const { file, find, replace } of patches) {
    const { href } = new URL(file, root);
    const source = sources.get(href) ?? readFileSync(new URL(href), 'utf8');
    const occurrences = source.split(find).length - 1;
    if (occurrences !== 1) throw new Error(`mutant "${name}": its text occurs ${occurrences} times in ${file}`);
    sources.set(
      href,
      source.replace(find, () => replace),
    );
  }
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      const source = sources.get(url);
      return source === undefined ? loaded : { ...loaded, source };
    },
  });
}
