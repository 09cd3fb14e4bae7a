import { appendFile, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell, Columns } from '#shared/stats/columns.ts';
import { createContentHash } from '#shared/stats/content-hash.ts';
import { isOdd } from '#shared/stats/odd-record.ts';

/** A day falls into so many stretches, each of which fits into memory: a million calls a day are 7,000 in each. */
const stretchMs = 10 * 60_000;

/** So many characters are held in memory before they go to disk, which most days never need. */
const maxHeld = 8_000_000;

/** A day's records, in the order in which a provider lists them, to be read sorted. */
export type Spool<Item> = {
  add(items: readonly Item[]): Promise<void>;
  /** All by instant, those without one last; one that came twice as it came last. In batches. */
  sorted(): AsyncGenerator<Item[]>;
  /** How many there are, each counted once, how many of them bear no number, and a hash of all that they say. */
  summary(): Promise<{ records: number; odd: number; listing: string }>;
  /** Whether this one is among them; known after the summary. */
  has(id: string): boolean;
  /** Whether there are any without an instant. */
  hasUndated(): boolean;
  /** Leaves those out that have no instant and are named here. */
  leaveOut(undated: ReadonlySet<string>): void;
  /** Whether it has outgrown memory. */
  isLarge(): boolean;
  /** All that was added, in parts that fit into memory, for another spool to take in. */
  parts(): AsyncGenerator<string>;
  takeIn(part: string): Promise<void>;
  remove(): Promise<void>;
};

/** What tells items apart, and when they were, milliseconds since 1970 UTC. */
export type Order<Item> = { idOf(item: Item): string; instantOf(item: Item): number | null; columns: Columns };

/** A spool that keeps what is too much for memory in a folder of its own under the system's temporary one. */
export function createSpool<Item extends Readonly<Record<string, Cell>>>(order: Order<Item>): Spool<Item> {
  const { idOf, instantOf } = order;
  const held = new Map<string, string[]>();
  let heldLength = 0;
  let folder: string | undefined;
  /** Which stretch each is read from: the first, where a provider lists it in two. */
  const stretches = new Map<string, string>();
  let leftOut: ReadonlySet<string> = new Set();
  let hasUndated = false;

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

  async function* sorted(): AsyncGenerator<Item[]> {
    const spilled = new Set(folder === undefined ? [] : await readdir(folder));
    const isFirst = (id: string, name: string) => {
      if (!stretches.has(id)) stretches.set(id, name);
      return stretches.get(id) === name;
    };
    for (const name of [...spilled.union(new Set(held.keys()))].sort()) {
      const items = sortLines(await linesOf(name, spilled), order);
      const kept = name === undated ? items.filter((item) => !leftOut.has(idOf(item))) : items;
      yield kept.filter((item) => isFirst(idOf(item), name));
    }
  }

  const add = async (items: readonly Item[]) => {
    for (const item of items) {
      const line = JSON.stringify(item);
      const name = stretchOf(instantOf(item));
      hasUndated ||= name === undated;
      const lines = held.get(name);
      if (lines === undefined) held.set(name, [line]);
      else lines.push(line);
      heldLength += line.length;
    }
    if (heldLength > maxHeld) await spill();
  };

  return {
    add,
    sorted,
    async summary() {
      const hash = createContentHash(order.columns);
      let [records, odd] = [0, 0];
      for await (const batch of sorted()) {
        records += batch.length;
        odd += batch.filter((item) => isOdd(idOf(item))).length;
        hash.add(batch);
      }
      return { records, odd, listing: hash.digest() };
    },
    isLarge: () => folder !== undefined,
    async *parts() {
      const spilled = new Set(folder === undefined ? [] : await readdir(folder));
      for (const name of spilled.union(new Set(held.keys()))) yield (await linesOf(name, spilled)).join('\n');
    },
    async takeIn(part) {
      // Written by such a spool.
      const lines = part.split('\n').map((line) => JSON.parse(line) as Item);
      for (let at = 0; at < lines.length; at += 1000) await add(lines.slice(at, at + 1000));
    },
    has: (id) => stretches.has(id),
    hasUndated: () => hasUndated,
    leaveOut(ids) {
      leftOut = ids;
    },
    async remove() {
      held.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

const undated = 'without-start';

/** Names sort as their stretches do. */
function stretchOf(instant: number | null): string {
  return instant === null ? undated : String(Math.floor(instant / stretchMs)).padStart(12, '0');
}

/** The items of one stretch, a line each. */
function sortLines<Item>(lines: string[], { idOf, instantOf }: Order<Item>): Item[] {
  const items = new Map<string, Item>();
  for (const line of lines) {
    // Written by this very process.
    const item = JSON.parse(line) as Item;
    items.set(idOf(item), item);
  }
  return [...items.values()].sort((a, b) => (instantOf(a) ?? 0) - (instantOf(b) ?? 0) || (idOf(a) < idOf(b) ? -1 : 1));
}
