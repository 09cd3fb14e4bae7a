import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { ObjectStore } from '#shared/store/objects.ts';
import { createPuller } from './set-up.ts';

// Pulls one day with this many calls and prints how many were exported and the most memory that it took, in megabytes.
const perDay = Number(process.argv[2]);
const date = '2026-11-01';
const server = fork(new URL('./memory-server.ts', import.meta.url), [String(perDay)]);
const [{ port }] = (await once(server, 'message')) as [AddressInfo];

let exported = 0;
/** A bucket that keeps nothing but the count of lines. */
const objects: ObjectStore = {
  async put(key, body) {
    if (!key.endsWith('.ndjson')) return;
    for (const byte of body as Uint8Array) if (byte === 10) exported++;
  },
  get: async () => undefined,
  list: async () => [],
  remove: async () => {},
};
const puller = createPuller({ origin: `http://127.0.0.1:${port}`, clock: () => Date.parse(date), objects });
const [pull] = await puller.pull('probe', ['keeper'], { from: date, to: date });
if (pull?.state !== 'done') throw new Error(pull?.reason ?? 'the pull is not done');
server.disconnect();
process.stdout.write(`${JSON.stringify({ exported, megabytes: Math.round(process.resourceUsage().maxRSS / 1024) })}\n`);
