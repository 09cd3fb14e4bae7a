import { pathToFileURL } from 'node:url';
import type { Plugin } from 'esbuild';
import type { MetadataJson } from 'libphonenumber-js/core';

/**
 * Leaves in a bundle what libphonenumber knows of these countries (ISO codes) and of those that share their calling codes:
 * of 156 kB for the whole world, 2 kB for Russia.
 */
export function keepPhoneMetadata(countries: readonly string[]): Plugin {
  return {
    name: 'phone-metadata',
    setup(build) {
      build.onLoad({ filter: /libphonenumber-js[\\/]metadata\.max\.json\.js$/ }, async ({ path }) => {
        const { default: world } = (await import(pathToFileURL(path).href)) as { default: MetadataJson };
        return { contents: `export default ${JSON.stringify(sliceMetadata(world, countries))}`, loader: 'js' };
      });
    },
  };
}

function sliceMetadata(world: MetadataJson, countries: readonly string[]) {
  const codes = Object.entries(world.country_calling_codes).filter(([, sharers]) =>
    sharers.some((country) => countries.includes(country)),
  );
  const kept = new Set<string>(codes.flatMap(([, sharers]) => sharers));
  return {
    ...world,
    country_calling_codes: Object.fromEntries(codes),
    countries: Object.fromEntries(Object.entries(world.countries).filter(([country]) => kept.has(country))),
    nonGeographic: {},
  };
}
