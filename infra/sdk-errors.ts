import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/**
 * Leaves the classes of the AWS clients' errors out of a bundle, which has a hundred and forty of them for reading one secret. An error
 * without a class is its service's exception with the same name and data. So the code tells errors by name and never by class.
 */
export const withoutErrorClasses: Plugin = {
  name: 'without-error-classes',
  setup(build) {
    build.onLoad(
      { filter: /@aws-sdk[\\/]client-[^\\/]+[\\/]dist-es[\\/]schemas[\\/]schemas_0\.js$/ },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        return { contents: source.replaceAll(/^n0_registry\.registerError\(.*\);$/gm, ''), loader: 'js' };
      },
    );
  },
};
