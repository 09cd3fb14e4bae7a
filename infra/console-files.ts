import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { build } from 'esbuild';

const folder = 'functions/serve-console/page';

/** The files of the console page by name: HTML as it is, script and style each as one small file. Rejects with esbuild's BuildFailure. */
export async function bundleConsole(root: string): Promise<Record<string, string>> {
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [
      { in: `${folder}/main.ts`, out: 'console' },
      { in: `${folder}/console.css`, out: 'console' },
    ],
    outdir: '.',
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    target: ['es2024', 'chrome123', 'safari17.5', 'firefox121'],
    minify: true,
    logLevel: 'silent',
  });
  const made = outputFiles.map(({ path, text }) => [basename(path), text] as const);
  return { 'index.html': await readFile(join(root, folder, 'index.html'), 'utf8'), ...Object.fromEntries(made) };
}
