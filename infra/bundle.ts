import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { FunctionName } from '#shared/config/environment.ts';
import type { Config } from '#shared/config/schema.ts';
import { bundleConsole } from './console-files.ts';
import { bundleHelper } from './helper-script.ts';
import { keepPhoneMetadata } from './phone-metadata.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles functions/<name>/handler.ts as a deploy ships it, with the config compiled in.
 * Resolves with the folder of its one file, `index.mjs`; the source map stays out of it, under `<outDir>/maps`.
 * Rejects with esbuild's BuildFailure.
 */
export async function bundleFunction(name: FunctionName, config: Config, outDir: string): Promise<string> {
  const folder = join(outDir, 'bundles', name);
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [`functions/${name}/handler.ts`],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'external',
    define: {
      RINGBACK_CONFIG: JSON.stringify(config),
      ...(name === 'serve-helper' ? { HELPER_SCRIPT: JSON.stringify(await bundleHelper(root, config)) } : {}),
      ...(name === 'serve-console' ? { CONSOLE_FILES: JSON.stringify(await bundleConsole(root)) } : {}),
    },
    alias: { '@aws-sdk/credential-provider-node': fileURLToPath(import.meta.resolve('./lambda-credentials.ts')) },
    plugins: [keepPhoneMetadata(Object.values(config.forms).flatMap((form) => form.countries))],
    logLevel: 'silent',
  });
  const maps = join(outDir, 'maps');
  await Promise.all([mkdir(folder, { recursive: true }), mkdir(maps, { recursive: true })]);
  for (const { path, contents } of outputFiles) {
    await writeFile(path.endsWith('.map') ? join(maps, `${name}.mjs.map`) : path, contents);
  }
  return folder;
}
