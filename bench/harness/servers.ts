import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startHost } from '../../test/support/start-host.ts';
import { startScript } from './start-script.ts';
import { typicalConfig } from './typical.ts';

/** Something that takes forms at `origin`. */
export type FormServer = { origin: string; stop(): Promise<void> };

/** What `npm start` runs, with the typical form and this provider. */
export async function startRingback(provider: string): Promise<FormServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bench-way-'));
  const config = join(folder, 'config.json');
  await writeFile(config, JSON.stringify(typicalConfig()));
  const secret = 'a-key-of-the-bench';
  const { origin, stop } = await startHost({
    RINGBACK_CONFIG: config,
    CALLKEEPER_URL: provider,
    RINGBACK_SECRET_CALLKEEPER_APIAK: secret,
  });
  return {
    origin,
    async stop() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}

/** The hand-written server, see peers/outbox-server.ts. */
export async function startOutboxServer(provider: string): Promise<FormServer> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-bench-outbox-'));
  const script = new URL('../peers/outbox-server.ts', import.meta.url);
  const { origin, stop } = await startScript(script, [join(folder, 'leads.db'), provider]);
  return {
    origin,
    async stop() {
      await stop();
      await rm(folder, { recursive: true });
    },
  };
}
