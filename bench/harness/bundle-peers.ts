import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const bench = dirname(dirname(fileURLToPath(import.meta.url)));
export const peers = [
  'empty',
  'bare-put',
  'bare-put-and-send',
  'textbook',
  'bare-forward',
  'textbook-forward',
] as const;
export type Peer = (typeof peers)[number];

/**
 * Bundles the peers as a guide to esbuild would: minified, into one file of CommonJS as ours are. What infra/bundle.ts leaves out of our own functions besides
 * (the SDK's chain of credentials, the classes of its errors) is work of ours, so theirs keep it. Resolves with their files.
 */
export async function bundlePeers(outDir: string): Promise<Record<Peer, string>> {
  await build({
    absWorkingDir: bench,
    entryPoints: peers.map((name) => `peers/${name}.ts`),
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
  return Object.fromEntries(peers.map((name) => [name, join(outDir, `${name}.cjs`)])) as Record<Peer, string>;
}
