import { join } from 'node:path';
import { loadConfig } from '#shared/config/load-config.ts';
import { ConfigError } from '#shared/errors.ts';
import { synthesize } from '../synthesize.ts';
import { startHost } from './host.ts';
import { templateSchema } from './intrinsics.ts';

const { env } = process;
const port = Number(env['PORT'] || 3000);
const dataFolder = env['RINGBACK_DATA'] || '.ringback';
const log = (line: string) => void process.stdout.write(`${line}\n`);

try {
  const config = await loadConfig(env['RINGBACK_CONFIG']);
  // The demo page is one more site with these forms: they may lead back to it.
  for (const form of Object.values(config.forms)) form.origins.push(`http://localhost:${port}`);
  const folder = join(dataFolder, 'assembly');
  const [stack] = (await synthesize(config, folder)).stacks;
  const template = templateSchema.parse(stack?.template);
  const host = await startHost({ config, assembly: { template, folder }, dataFolder, port, env, log });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await host.stop();
      process.exit();
    });
  }
  log(`ready http://localhost:${port}`);
} catch (error) {
  process.stderr.write(`${wordsFor(error)}\n`);
  process.exit(1);
}

function wordsFor(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    return `The port ${port} is in use. PORT names another one: PORT=3001 npm start`;
  }
  return error instanceof Error ? String(error.stack) : String(error);
}
