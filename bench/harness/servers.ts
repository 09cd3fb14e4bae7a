import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { startHost } from '../../test/support/start-host.ts';
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
  const file = fileURLToPath(new URL('../peers/outbox-server.ts', import.meta.url));
  const child = spawn(process.execPath, [file, join(folder, 'leads.db'), provider], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  const [, origin] = /^ready (http:\S+)$/.exec(String(line)) ?? [];
  if (origin === undefined) throw new Error(`the hand-written server did not start: ${line}`);
  return {
    origin,
    async stop() {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
