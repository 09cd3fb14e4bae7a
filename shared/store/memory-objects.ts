import type { Clock } from '../ports.ts';
import { type ObjectStore, pageSize } from './objects.ts';

type Stored = { body: Uint8Array; modifiedAt: number };

/** The bucket without S3: the twin for tests, under the same contract tests. */
export function createMemoryObjects(clock: Clock): ObjectStore & { objects: Map<string, Stored> } {
  const objects = new Map<string, Stored>();
  return {
    objects,
    async put(key, body) {
      objects.set(key, { body: Uint8Array.from(Buffer.from(body as string)), modifiedAt: clock() });
    },
    async get(key, range) {
      const body = objects.get(key)?.body;
      return range === undefined ? body : body?.slice(range.from, range.from + range.length);
    },
    async list(prefix, after = '') {
      return [...objects]
        .filter(([key]) => key.startsWith(prefix) && key > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, pageSize)
        .map(([key, { body, modifiedAt }]) => ({ key, bytes: body.length, modifiedAt }));
    },
    async remove(keys) {
      for (const key of keys) objects.delete(key);
    },
  };
}
