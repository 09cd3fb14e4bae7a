import { join } from 'node:path';
import { loadConfig } from '#shared/config/load-config.ts';
import { ConfigError } from '#shared/errors.ts';
import { synthesize } from '../synthesize.ts';
import { readAssembly, startHost } from './host.ts';
import { readableLine } from './readable-line.ts';
import { simulatedLines } from './simulated-providers.ts';

const { env } = process;
const log = (line: string) => void process.stdout.write(`${readableLine(line)}\n`);

try {
  const config = await loadConfig(env['RINGBACK_CONFIG']);
  const port = readPort();
  // The demo page is one more site with these forms: they may lead back to it.
  for (const form of Object.values(config.forms)) form.origins.push(`http://localhost:${port}`);
  const dataFolder = env['RINGBACK_DATA'] || '.ringback';
  const folder = join(dataFolder, 'assembly');
  const host = await startHost({
    config,
    synthesize: async () => readAssembly(await synthesize(config, folder)),
    dataFolder,
    port,
    env,
    log,
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await host.stop();
      process.exit();
    });
  }
  for (const line of simulatedLines(host.simulatedProviders)) log(line);
  log(`ready http://localhost:${new URL(host.url).port}`);
} catch (error) {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
}

function readPort(): number {
  const port = Number(env['PORT'] || 3000);
  if (Number.isInteger(port) && port >= 0 && port < 65_536) return port;
  throw new ConfigError('PORT must be a number from 0 to 65535');
}

function wordsFor(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `The port ${readPort()} is in use. PORT names another one: PORT=3001 npm start`;
  }
  return error instanceof Error ? String(error.stack) : String(error);
}
