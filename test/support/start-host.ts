import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { listen } from './listen.ts';

export type RunningHost = {
  origin: string;
  pid: number;
  /** Stops it as Ctrl-C does, and removes the data folder unless it was given. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL and leaves all as it is. */
  kill(): Promise<void>;
};

/** What `npm start` runs, in a process of its own, on a free port and in a new data folder unless the settings name one. Rejects with its output when it ends before it is ready. */
export async function startHost(settings: Record<string, string> = {}): Promise<RunningHost> {
  const data = await mkdtemp(join(tmpdir(), 'ringback-host-'));
  const env = { ...process.env, PORT: String(await freePort()), RINGBACK_DATA: data, ...settings };
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
  const end = async (signal: 'SIGTERM' | 'SIGKILL') => {
    host.kill(signal);
    await ended;
  };
  const stop = async () => {
    await end('SIGTERM');
    await rm(data, { recursive: true, force: true });
  };
  return { origin: await ready.promise, pid: host.pid ?? 0, stop, kill: () => end('SIGKILL') };
}

async function freePort(): Promise<number> {
  const { port, close } = await listen(createServer());
  await close();
  return port;
}
