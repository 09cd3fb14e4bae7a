import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { nodeRedFlow } from '../peers/node-red-flow.ts';
import type { FormServer } from './servers.ts';
import { startScript } from './start-script.ts';

const version = '5.0.7';
const installMs = 180_000;
const settings = fileURLToPath(new URL('../peers/node-red-settings.cjs', import.meta.url));

export type NodeRed = { start(provider: string): Promise<FormServer>; remove(): Promise<void> };

/**
 * Node-RED in a folder of its own: as a dependency of the project it would bring some three hundred packages into every `npm ci`.
 * Resolves with undefined where it cannot be installed, and says why on stderr.
 */
export async function installNodeRed(): Promise<NodeRed | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bench-node-red-'));
  const remove = () => rm(folder, { recursive: true });
  const quiet = ['--no-audit', '--no-fund', '--no-package-lock', '--ignore-scripts'];
  try {
    const args = ['install', '--prefix', folder, ...quiet, `node-red@${version}`];
    await promisify(execFile)('npm', args, { cwd: folder, timeout: installMs });
  } catch (error) {
    process.stderr.write(`Node-RED could not be installed: ${error}\n`);
    await remove();
    return undefined;
  }
  return { start: (provider) => start(folder, provider), remove };
}

async function start(installed: string, provider: string): Promise<FormServer> {
  const folder = await mkdtemp(join(installed, 'run-'));
  const flow = join(folder, 'flows.json');
  await writeFile(flow, JSON.stringify(nodeRedFlow(join(folder, 'leads.ndjson'), provider)));
  const script = pathToFileURL(join(installed, 'node_modules/node-red/red.js'));
  return startScript(script, ['--settings', settings, '--userDir', folder, flow]);
}
