import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderCall } from '#shared/stats/call.ts';

/** A day falls into so many stretches, each of which fits into memory: a million calls a day are 7,000 in each. */
const stretchMs = 10 * 60_000;

/** Calls on disk, in the order in which a provider lists them, to be read sorted. */
export type Spool = {
  add(calls: readonly ProviderCall[]): Promise<void>;
  /** All calls by start, those without one last; a call that came twice as it came last. In batches. */
  sorted(): AsyncGenerator<ProviderCall[]>;
  /** How many there are, each counted once, and a hash of all that they say. */
  summary(): Promise<{ calls: number; listing: string }>;
  remove(): Promise<void>;
};

/** A spool in a folder of its own under the system's temporary one. */
export async function createSpool(): Promise<Spool> {
  const folder = await mkdtemp(join(tmpdir(), 'ringback-stats-'));

  async function* sorted(): AsyncGenerator<ProviderCall[]> {
    const seen = new Set<string>();
    for (const name of (await readdir(folder)).sort()) {
      const calls = await readStretch(join(folder, name));
      const fresh = calls.filter(({ callId }) => !seen.has(callId));
      for (const { callId } of fresh) seen.add(callId);
      yield fresh;
    }
  }

  return {
    async add(calls) {
      const lines = new Map<string, string[]>();
      for (const call of calls) {
        const name = stretchOf(call);
        const inStretch = lines.get(name) ?? [];
        inStretch.push(`${JSON.stringify(call)}\n`);
        lines.set(name, inStretch);
      }
      for (const [name, inStretch] of lines) await appendFile(join(folder, name), inStretch.join(''));
    },
    sorted,
    async summary() {
      const hash = createHash('sha256');
      let calls = 0;
      for await (const batch of sorted()) {
        calls += batch.length;
        for (const call of batch) hash.update(`${JSON.stringify(call)}\n`);
      }
      return { calls, listing: hash.digest('hex') };
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** File names sort as their stretches do. */
function stretchOf({ startedAt }: ProviderCall): string {
  return startedAt === null ? 'without-start' : String(Math.floor(startedAt / stretchMs)).padStart(12, '0');
}

async function readStretch(file: string): Promise<ProviderCall[]> {
  const calls = new Map<string, ProviderCall>();
  for (const line of (await readFile(file, 'utf8')).split('\n')) {
    if (line === '') continue;
    const call = JSON.parse(line) as ProviderCall;
    calls.set(call.callId, call);
  }
  return [...calls.values()].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.callId < b.callId ? -1 : 1));
}
