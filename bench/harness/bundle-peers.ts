import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, build } from 'esbuild';
import { lambdaCredentials } from '../../infra/bundle.ts';
import { withoutErrorClasses } from '../../infra/sdk-errors.ts';

const bench = dirname(dirname(fileURLToPath(import.meta.url)));
export const peers = [
  'empty',
  'bare-put',
  'bare-put-trimmed',
  'bare-put-and-send',
  'textbook',
  'bare-forward',
  'textbook-forward',
] as const;
export type Peer = (typeof peers)[number];

/**
 * Bundles the peers as a guide to esbuild would: minified, into one file of CommonJS as ours are. What infra/bundle.ts leaves out of our own functions besides
 * (the SDK's chain of credentials, the classes of its errors) is work of ours, so theirs keep it, but for one. Resolves with their files.
 */
export async function bundlePeers(outDir: string): Promise<Record<Peer, string>> {
  const untrimmed = peers.filter((name) => name !== 'bare-put-trimmed');
  await bundle(Object.fromEntries(untrimmed.map((name) => [name, `peers/${name}.ts`])), outDir);
  await bundle({ 'bare-put-trimmed': 'peers/bare-put.ts' }, outDir, {
    alias: lambdaCredentials,
    plugins: [withoutErrorClasses],
  });
  return Object.fromEntries(peers.map((name) => [name, join(outDir, `${name}.cjs`)])) as Record<Peer, string>;
}

function bundle(entryPoints: Record<string, string>, outDir: string, trimming: BuildOptions = {}) {
  return build({
    ...trimming,
    absWorkingDir: bench,
    entryPoints,
    outdir: outDir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    supported: { 'dynamic-import': false },
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    logLevel: 'silent',
  });
}
