import { mkdir } from 'node:fs/promises';
import { CreateBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { credentials, region } from './aws.ts';

export type Buckets = {
  origin: string;
  /** Creates the buckets of these names that are not there yet. */
  create(names: string[]): Promise<void>;
  stop(): Promise<void>;
};

type Stores = NonNullable<NonNullable<Parameters<typeof buildApp>[0]>['stores']>;
type Persistence = NonNullable<Stores['s3Store']['persistence']> & {
  loadS3(store: Stores['s3Store']): void;
  close(): void;
};

/** S3 on SQLite in this folder: an object is there whole or not at all, whenever the host is killed. */
export async function startBuckets(folder: string): Promise<Buckets> {
  await mkdir(folder, { recursive: true });
  const { stores, persistence } = await openStores(folder);
  const app = buildApp({ logger: false, stores });
  const origin = await app.listen({ port: 0, host: '127.0.0.1' });
  const client = new S3Client({ endpoint: origin, region, credentials, forcePathStyle: true });
  return {
    origin,
    async create(names) {
      const { Buckets = [] } = await client.send(new ListBucketsCommand({}));
      const stored = new Set(Buckets.map(({ Name }) => Name));
      for (const Bucket of names) if (!stored.has(Bucket)) await client.send(new CreateBucketCommand({ Bucket }));
    },
    async stop() {
      client.destroy();
      await app.close();
      persistence.close();
    },
  };
}

/**
 * fauxqs' own start function, the only one that keeps S3 on disk, listens on every address of the machine, and what lies here are
 * phone numbers: so its parts are put together here. The version is pinned.
 */
async function openStores(folder: string): Promise<{ stores: Stores; persistence: Persistence }> {
  const part = async (path: string) => import(new URL(path, import.meta.resolve('fauxqs')).href);
  const { SqsStore } = await part('sqs/sqsStore.js');
  const { SnsStore } = await part('sns/snsStore.js');
  const { S3Store } = await part('s3/s3Store.js');
  const { PersistenceManager } = await part('persistence.js');
  const stores: Stores = { sqsStore: new SqsStore(), snsStore: new SnsStore(), s3Store: new S3Store() };
  const persistence: Persistence = new PersistenceManager(folder);
  persistence.loadS3(stores.s3Store);
  stores.s3Store.persistence = persistence;
  return { stores, persistence };
}
