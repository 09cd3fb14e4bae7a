import { build } from 'esbuild';
import type { Config } from '#shared/config/schema.ts';

/** The script that pages load as `/ringback.js`, small. It knows of the config which forms want a stamp. Rejects with esbuild's BuildFailure. */
export async function bundleHelper(root: string, { forms }: Pick<Config, 'forms'>): Promise<string> {
  const stamped = Object.entries(forms).flatMap(([id, { minFillSeconds }]) => (minFillSeconds > 0 ? [id] : []));
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: ['functions/serve-helper/page/main.ts'],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    // An older browser understands none of it, and sends the plain form.
    target: ['es2022', 'chrome100', 'safari16', 'firefox100'],
    minify: true,
    charset: 'utf8',
    define: { STAMPED_FORMS: JSON.stringify(stamped) },
    logLevel: 'silent',
  });
  return outputFiles.map(({ text }) => text).join('');
}
