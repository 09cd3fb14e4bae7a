import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listen } from './listen.ts';

export type RunningHost = { origin: string; stop(): Promise<void> };

/** What `npm start` runs, in a process and a data folder of its own, on a free port. Rejects with its output when it ends before it is ready. */
export async function startHost(settings: Record<string, string> = {}): Promise<RunningHost> {
  const data = await mkdtemp(join(tmpdir(), 'ringback-host-'));
  const env = { ...process.env, ...settings, PORT: String(await freePort()), RINGBACK_DATA: data };
  const host = spawn(process.execPath, ['infra/local/start.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(host, 'exit');
  let output = '';
  const ready = Promise.withResolvers<string>();
  for (const stream of [host.stdout, host.stderr]) {
    createInterface(stream).on('line', (line) => {
      output += `${line}\n`;
      const [, origin] = /^ready (http:\S+)$/.exec(line) ?? [];
      if (origin !== undefined) ready.resolve(origin);
    });
  }
  void ended.then(([code]) => ready.reject(new Error(`the host ended with ${code} before it was ready:\n${output}`)));
  const stop = async () => {
    host.kill();
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  return { origin: await ready.promise, stop };
}

async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
