export type StoredObject = { key: string; bytes: number };

/** The only subset of S3 that Ringback uses. A put replaces the whole object at once: readers see the old one or the new one. */
export type ObjectStore = {
  put(key: string, body: Uint8Array | string, contentType: string): Promise<void>;
  /** The object, or `length` of its bytes from `from`; undefined when there is none. */
  get(key: string, range?: { from: number; length: number }): Promise<Uint8Array | undefined>;
  /** Up to 1,000 objects whose keys begin with the prefix and come after `after`, by key. */
  list(prefix: string, after?: string): Promise<StoredObject[]>;
  /** Removes up to 1,000 objects; what is not there is no error. */
  remove(keys: string[]): Promise<void>;
};

/** How many objects one list may hold. */
export const pageSize = 1000;

/** All objects whose keys begin with the prefix, by key. */
export async function* listAll(objects: Pick<ObjectStore, 'list'>, prefix: string): AsyncGenerator<StoredObject> {
  let after: string | undefined;
  do {
    const page: StoredObject[] = await objects.list(prefix, after);
    yield* page;
    after = page.length < pageSize ? undefined : page.at(-1)?.key;
  } while (after !== undefined);
}

/** Removes these objects, however many. */
export async function removeKeys(objects: Pick<ObjectStore, 'remove'>, keys: readonly string[]): Promise<void> {
  for (let at = 0; at < keys.length; at += pageSize) await objects.remove(keys.slice(at, at + pageSize));
}
