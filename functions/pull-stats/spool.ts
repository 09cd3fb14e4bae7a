import { createHash } from 'node:crypto';
import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProviderCall } from '#shared/stats/call.ts';

/** A day falls into so many stretches, each of which fits into memory: a million calls a day are 7,000 in each. */
const stretchMs = 10 * 60_000;

/** So many characters are held in memory before they go to disk, which most days never need. */
const maxHeld = 8_000_000;

/** A day's calls, in the order in which a provider lists them, to be read sorted. */
export type Spool = {
  add(calls: readonly ProviderCall[]): Promise<void>;
  /** All calls by start, those without one last; a call that came twice as it came last. In batches. */
  sorted(): AsyncGenerator<ProviderCall[]>;
  /** How many there are, each counted once, and a hash of all that they say. */
  summary(): Promise<{ calls: number; listing: string }>;
  remove(): Promise<void>;
};

/** A spool that keeps what is too much for memory in a folder of its own under the system's temporary one. */
export function createSpool(): Spool {
  const held = new Map<string, string[]>();
  let heldLength = 0;
  let folder: string | undefined;

  const spill = async () => {
    folder ??= await mkdtemp(join(tmpdir(), 'ringback-stats-'));
    for (const [name, lines] of held) await appendFile(join(folder, name), `${lines.join('\n')}\n`);
    held.clear();
    heldLength = 0;
  };

  const linesOf = async (name: string, spilled: ReadonlySet<string>) => {
    const onDisk = folder !== undefined && spilled.has(name) ? await readFile(join(folder, name), 'utf8') : '';
    return [...onDisk.split('\n').slice(0, -1), ...(held.get(name) ?? [])];
  };

  async function* sorted(): AsyncGenerator<ProviderCall[]> {
    const spilled = new Set(folder === undefined ? [] : await readdir(folder));
    const seen = new Set<string>();
    for (const name of [...spilled.union(new Set(held.keys()))].sort()) {
      const fresh = sortCalls(await linesOf(name, spilled)).filter(({ callId }) => !seen.has(callId));
      for (const { callId } of fresh) seen.add(callId);
      yield fresh;
    }
  }

  return {
    async add(calls) {
      for (const call of calls) {
        const line = JSON.stringify(call);
        const name = stretchOf(call);
        const lines = held.get(name);
        if (lines === undefined) held.set(name, [line]);
        else lines.push(line);
        heldLength += line.length;
      }
      if (heldLength > maxHeld) await spill();
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
    async remove() {
      held.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Names sort as their stretches do. */
function stretchOf({ startedAt }: ProviderCall): string {
  return startedAt === null ? 'without-start' : String(Math.floor(startedAt / stretchMs)).padStart(12, '0');
}

/** The calls of one stretch, a line each. */
function sortCalls(lines: string[]): ProviderCall[] {
  const calls = new Map<string, ProviderCall>();
  for (const line of lines) {
    // Written by this very process.
    const call = JSON.parse(line) as ProviderCall;
    calls.set(call.callId, call);
  }
  return [...calls.values()].sort((a, b) => (a.startedAt ?? 0) - (b.startedAt ?? 0) || (a.callId < b.callId ? -1 : 1));
}
