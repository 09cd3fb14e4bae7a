import { mkdir, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FunctionName } from '#shared/config/environment.ts';
import type { Config } from '#shared/config/schema.ts';
import { bundleConsole } from './console-files.ts';
import { bundleHelper } from './helper-script.ts';
import { keepPhoneMetadata } from './phone-metadata.ts';
import { withoutErrorClasses } from './sdk-errors.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
/** In the place of the SDK's long chain. */
export const lambdaCredentials = {
  '@aws-sdk/credential-provider-node': fileURLToPath(import.meta.resolve('./lambda-credentials.ts')),
};

/**
 * Bundles functions/<name>/handler.ts of each as a deploy ships it, with the config compiled in. All at once: what they share is
 * read and parsed but once.
 * Resolves with the folder of each one's file, `index.cjs`; the source maps stay out of them, under `<outDir>/maps`.
 * Rejects with esbuild's BuildFailure.
 */
export async function bundleFunctions<Name extends FunctionName>(
  names: readonly Name[],
  config: Config,
  outDir: string,
): Promise<Record<Name, string>> {
  const folder = (name: string) => join(outDir, 'bundles', name);
  const [helper, console] = await Promise.all([bundleHelper(root, config), bundleConsole(root)]);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: names.map((name) => ({ in: `functions/${name}/handler.ts`, out: `${name}/index` })),
    outdir: join(outDir, 'bundles'),
    outExtension: { '.js': '.cjs' },
    bundle: true,
    write: false,
    // A built-in module that is imported, and not required, is asked for everything that it has: `node:http` would load all of fetch.
    format: 'cjs',
    supported: { 'dynamic-import': false },
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    define: {
      RINGBACK_CONFIG: JSON.stringify(config),
      HELPER_SCRIPT: JSON.stringify(helper),
      CONSOLE_FILES: JSON.stringify(console),
    },
    alias: lambdaCredentials,
    plugins: [keepPhoneMetadata(Object.values(config.forms).flatMap((form) => form.countries)), withoutErrorClasses],
    logLevel: 'silent',
  });
  const maps = join(outDir, 'maps');
  await Promise.all([maps, ...names.map(folder)].map((path) => mkdir(path, { recursive: true })));
  for (const { path, contents } of outputFiles) {
    const name = basename(dirname(path));
    await writeFile(path.endsWith('.map') ? join(maps, `${name}.cjs.map`) : path, contents);
  }
  return Object.fromEntries(names.map((name) => [name, folder(name)])) as Record<Name, string>;
}
