import { basename } from 'node:path/posix';
import * as z from 'zod';
import { listAll, type ObjectStore } from '../store/objects.ts';

/** Sets of files that a partition held before, by what their names begin with, and since when they no longer count (ms since 1970 UTC). */
export const supersededSchema = z.array(z.object({ generation: z.string(), at: z.number() }));
export type Superseded = z.output<typeof supersededSchema>;

/** Who began to read a partition before it was replaced still finds its files for so long. */
const keptMs = 3_600_000;

/** `…/5f2c9e01ab34-0000.csv` is of the generation `5f2c9e01ab34`. */
const generationOf = (key: string) => basename(key).split('-')[0] ?? '';

export const isExpired = ({ at }: Superseded[number], now: number) => at <= now - keptMs;

/** The files of a folder that are not of this generation. */
export async function othersThan(
  generation: string | undefined,
  objects: Pick<ObjectStore, 'list'>,
  folder: string,
): Promise<string[]> {
  const keys: string[] = [];
  for await (const { key } of listAll(objects, folder)) if (generationOf(key) !== generation) keys.push(key);
  return keys;
}

/**
 * What these files are superseded since: as was known before, else now. Those of a pull that was cut off are first seen here, and a list of
 * Athena's may name them: they get the same hour. What is gone is not told of any longer. Pure.
 */
export function supersede(keys: readonly string[], known: Superseded, now: number): Superseded {
  const since = new Map(known.map(({ generation, at }) => [generation, at]));
  const generations = [...new Set(keys.map(generationOf))];
  return generations.map((generation) => ({ generation, at: since.get(generation) ?? now }));
}

/** Those of these files whose hour is over. Pure. */
export function expiredOf(keys: readonly string[], superseded: Superseded, now: number): string[] {
  const expired = new Set(superseded.filter((one) => isExpired(one, now)).map(({ generation }) => generation));
  return keys.filter((key) => expired.has(generationOf(key)));
}
