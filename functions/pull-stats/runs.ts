import { createReadStream } from 'node:fs';

/** What orders items: when they were (milliseconds since 1970 UTC, null sorts last), and what tells them apart. */
export type Key = { instant: number | null; id: string };

/** By instant, those of one instant by id. */
export function compareKeys(a: Key, b: Key): number {
  const [at, bt] = [a.instant ?? Number.POSITIVE_INFINITY, b.instant ?? Number.POSITIVE_INFINITY];
  if (at !== bt) return at < bt ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

/** So much of each file is held in memory at once, in bytes. */
const blockBytes = 16 * 1024;

/** The lines of a file, a block at a time. */
export async function* linesOf(path: string): AsyncGenerator<string[]> {
  let rest = '';
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: blockBytes })) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    yield lines;
  }
}

type Head<Item> = { item: Item; run: number };

/** Runs of lines, each sorted, as one sorted list; `run` says which one an item is of. */
export async function* mergeRuns<Item extends Key>(
  runs: readonly AsyncGenerator<string[]>[],
  read: (line: string) => Item,
): AsyncGenerator<Head<Item>> {
  const waiting = runs.map((): string[] => []);
  const next = async (run: number) => {
    while (waiting[run]?.length === 0) {
      const block = await runs[run]?.next();
      if (block === undefined || block.done === true) return undefined;
      waiting[run] = block.value.reverse();
    }
    return read(waiting[run]?.pop() ?? '');
  };
  const heads: Head<Item>[] = [];
  const advance = async (run: number) => {
    const item = await next(run);
    if (item !== undefined) insert(heads, { item, run });
  };
  try {
    for (const run of runs.keys()) await advance(run);
    for (let head = heads.pop(); head !== undefined; head = heads.pop()) {
      yield head;
      await advance(head.run);
    }
  } finally {
    for (const run of runs) await run.return(undefined);
  }
}

/** Keeps the heads in order, the first one last, whence it is taken. */
function insert<Item extends Key>(heads: Head<Item>[], head: Head<Item>): void {
  let [low, high] = [0, heads.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = heads[middle];
    if (other !== undefined && compareKeys(other.item, head.item) > 0) low = middle + 1;
    else high = middle;
  }
  heads.splice(low, 0, head);
}
