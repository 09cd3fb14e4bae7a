import * as z from 'zod';
import type { NewNonce } from '../ports.ts';
import { listAll, type ObjectStore, removeKeys } from '../store/objects.ts';
import type { DataSetName } from './data-set.ts';
import { folderOf, manifestKey, type Partition, readManifest } from './export.ts';

/** What was listed of a day that is too long for one invocation; `place`: where the rest begins, null when nothing is left to list. */
export type Unfinished = { place: string | null; parts: () => AsyncGenerator<string> };

/** Keeps it beside the day's files, where no manifest names it, for the next invocation of the same pull. */
export type UnfinishedStore = {
  keep(dataSet: DataSetName, partition: Partition, pull: string, given: Unfinished): Promise<void>;
  /** Undefined where there is none of this pull, where an erasing has removed it, or where the day was written since; what another pull has left goes. */
  take(dataSet: DataSetName, partition: Partition, pull: string): Promise<Unfinished | undefined>;
  remove(dataSet: DataSetName, partition: Partition): Promise<void>;
};

const stateSchema = z.object({
  pull: z.string(),
  place: z.string().nullable(),
  keys: z.array(z.string()),
  /** What the day's files said meanwhile. */
  content: z.string().default(''),
});

export function createUnfinishedStore(ports: { objects: ObjectStore; newNonce: NewNonce }): UnfinishedStore {
  const { objects, newNonce } = ports;
  const prefixOf = (dataSet: DataSetName, partition: Partition) => `${folderOf(dataSet, partition)}unfinished-`;
  const stateKey = (dataSet: DataSetName, partition: Partition) => `${prefixOf(dataSet, partition)}state.json`;
  const read = async (key: string) => {
    const body = await objects.get(key);
    return body && Buffer.from(body).toString();
  };
  const contentOf = async (dataSet: DataSetName, partition: Partition) =>
    (await readManifest(objects, manifestKey(dataSet, partition)))?.content ?? '';
  const remove = async (dataSet: DataSetName, partition: Partition) => {
    const keys: string[] = [];
    for await (const { key } of listAll(objects, prefixOf(dataSet, partition))) keys.push(key);
    await removeKeys(objects, keys);
  };
  return {
    remove,
    async keep(dataSet, partition, pull, { place, parts }) {
      const prefix = `${prefixOf(dataSet, partition)}${newNonce().slice(0, 12)}-`;
      const keys: string[] = [];
      for await (const part of parts()) {
        const key = `${prefix}${keys.length}.part`;
        await objects.put(key, part, 'application/x-ndjson');
        keys.push(key);
      }
      const state = { pull, place, keys, content: await contentOf(dataSet, partition) };
      // Last, so that it never names a part that is not there.
      await objects.put(stateKey(dataSet, partition), JSON.stringify(state), 'application/json');
    },
    async take(dataSet, partition, pull) {
      const state = await read(stateKey(dataSet, partition));
      const kept = state === undefined ? undefined : stateSchema.parse(JSON.parse(state));
      if (kept === undefined) return undefined;
      if (kept.pull !== pull || kept.content !== (await contentOf(dataSet, partition))) {
        await remove(dataSet, partition);
        return undefined;
      }
      const there = new Set<string>();
      for await (const { key } of listAll(objects, prefixOf(dataSet, partition))) there.add(key);
      if (kept.keys.some((key) => !there.has(key))) return undefined;
      async function* parts(keys: string[]) {
        for (const key of keys) yield (await read(key)) ?? '';
      }
      return { place: kept.place, parts: () => parts(kept.keys) };
    },
  };
}
