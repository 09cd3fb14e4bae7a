import { type ObjectStore, pageSize } from './objects.ts';

/** The bucket without S3: the twin for tests, under the same contract tests. */
export function createMemoryObjects(): ObjectStore & { objects: Map<string, Uint8Array> } {
  const objects = new Map<string, Uint8Array>();
  return {
    objects,
    async put(key, body) {
      objects.set(key, Uint8Array.from(Buffer.from(body as string)));
    },
    async get(key, range) {
      const body = objects.get(key);
      return range === undefined ? body : body?.slice(range.from, range.from + range.length);
    },
    async list(prefix, after = '') {
      return [...objects]
        .filter(([key]) => key.startsWith(prefix) && key > after)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .slice(0, pageSize)
        .map(([key, body]) => ({ key, bytes: body.length }));
    },
    async remove(keys) {
      for (const key of keys) objects.delete(key);
    },
  };
}
