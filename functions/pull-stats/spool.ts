import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cell, Columns } from '#shared/stats/columns.ts';
import { createContentHash } from '#shared/stats/content-hash.ts';
import { isOdd } from '#shared/stats/odd-record.ts';
import { compareKeys, type Key, linesOf, mergeRuns } from './runs.ts';

/** So many characters are held in memory before they go to disk, which most days never need. */
const maxHeld = 8_000_000;

/** So many items, or about so many characters of them, are given out at once. */
const batchItems = 1_000;
const batchLength = 2_000_000;

/** A day's records, in the order in which a provider lists them, to be read sorted. */
export type Spool<Item> = {
  add(items: readonly Item[]): Promise<void>;
  /** All by instant, those without one last; one that came twice as it came last. In batches. */
  sorted(): AsyncGenerator<Item[]>;
  /** How many there are, each counted once, how many of them bear no number, and a hash of all that they say. */
  summary(): Promise<{ records: number; odd: number; listing: string }>;
  /** Whether this one is among them. */
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

/**
 * A spool that keeps what is too much for memory in a folder of its own under the system's temporary one: in runs that are sorted
 * each, and merged as they are read. However the items crowd, a run and a piece of each of the others are all that is in memory.
 */
export function createSpool<Item extends Readonly<Record<string, Cell>>>(order: Order<Item>): Spool<Item> {
  const { idOf, instantOf } = order;
  const held = new Map<string, Key & { line: string }>();
  let heldLength = 0;
  let folder: string | undefined;
  const paths: string[] = [];
  /** In which run each came last: what others say of it is out of date. */
  const lastRun = new Map<string, number>();
  const undated = new Set<string>();
  let leftOut: ReadonlySet<string> = new Set();

  // Written by such a spool.
  const parse = (line: string) => JSON.parse(line) as Item;
  const keyOf = (item: Item): Key => ({ instant: instantOf(item), id: idOf(item) });
  const isLeftOut = (id: string) => undated.has(id) && leftOut.has(id);
  const heldLines = () => [...held.values()].sort(compareKeys).map(({ line }) => line);
  async function* runOfHeld() {
    yield heldLines();
  }

  const spill = async () => {
    folder ??= await makeFolder();
    const path = join(folder, String(paths.length));
    await writeFile(path, `${heldLines().join('\n')}\n`);
    paths.push(path);
    held.clear();
    heldLength = 0;
  };

  const read = (line: string) => {
    const item = parse(line);
    return { ...keyOf(item), item, length: line.length };
  };
  async function* sorted(): AsyncGenerator<Item[]> {
    let batch: Item[] = [];
    let length = 0;
    for await (const { item: found, run } of mergeRuns([...paths.map(linesOf), runOfHeld()], read)) {
      if (lastRun.get(found.id) !== run || isLeftOut(found.id)) continue;
      batch.push(found.item);
      length += found.length;
      if (batch.length < batchItems && length < batchLength) continue;
      yield batch;
      [batch, length] = [[], 0];
    }
    if (batch.length > 0) yield batch;
  }

  const add = async (items: readonly Item[]) => {
    for (const item of items) {
      const [{ instant, id }, line] = [keyOf(item), JSON.stringify(item)];
      if (instant === null) undated.add(id);
      else undated.delete(id);
      heldLength += line.length - (held.get(id)?.line.length ?? 0);
      held.set(id, { instant, id, line });
      lastRun.set(id, paths.length);
      if (heldLength > maxHeld) await spill();
    }
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
      for (const path of paths) yield (await readFile(path, 'utf8')).trimEnd();
      if (held.size > 0) yield heldLines().join('\n');
    },
    async takeIn(part) {
      const lines = part.split('\n');
      for (let at = 0; at < lines.length; at += batchItems) await add(lines.slice(at, at + batchItems).map(parse));
    },
    has: (id) => lastRun.has(id) && !isLeftOut(id),
    hasUndated: () => undated.size > 0,
    leaveOut(ids) {
      leftOut = ids;
    },
    async remove() {
      held.clear();
      if (folder !== undefined) await rm(folder, { recursive: true, force: true });
    },
  };
}

/** A folder of this process. Those of processes that are gone, killed before they could clean up, go: the disk outlives a function's process. */
async function makeFolder(): Promise<string> {
  for (const name of await readdir(tmpdir())) {
    const pid = Number(/^ringback-stats-(\d+)-/.exec(name)?.[1]);
    if (pid > 0 && !isRunning(pid)) await rm(join(tmpdir(), name), { recursive: true, force: true });
  }
  return mkdtemp(join(tmpdir(), `ringback-stats-${process.pid}-`));
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // It runs, and belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
