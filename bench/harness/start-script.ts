import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** Runs a script in a process of its own until it says `ready <origin>`. Rejects when it says anything else, or ends. */
export async function startScript(script: URL, args: string[]) {
  const child = spawn(process.execPath, [fileURLToPath(script), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const [line] = await Promise.race([once(createInterface(child.stdout), 'line'), ended]);
  const [, origin] = /^ready (http:\S+)$/.exec(String(line)) ?? [];
  const stop = async () => {
    child.kill();
    await ended;
  };
  if (origin === undefined) {
    await stop();
    throw new Error(`${script} did not start: ${line}`);
  }
  return { origin, stop };
}
