import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMemoryObjects } from '#shared/store/memory-objects.ts';
import { listAll, type ObjectStore, type StoredObject } from '#shared/store/objects.ts';
import { leaseMs } from '#shared/store/pulls.ts';
import { createS3Client, createS3Objects } from '#shared/store/s3-objects.ts';
import { credentials, region } from '../../../infra/local/aws.ts';
import { type Buckets, startBuckets } from '../../../infra/local/buckets.ts';

const textOf = (body: Uint8Array | undefined) => body && Buffer.from(body).toString();

/** What the bucket in memory and one on S3's protocol have in common. */
function objectsContract(objects: () => ObjectStore) {
  test('gives back what was put, the newest of it, and pieces', async () => {
    await objects().put('calls/a=1/one.csv', 'first', 'text/csv');
    await objects().put('calls/a=1/one.csv', Buffer.from('second'), 'text/csv');
    expect(textOf(await objects().get('calls/a=1/one.csv'))).toBe('second');
    expect(textOf(await objects().get('calls/a=1/one.csv', { from: 2, length: 3 }))).toBe('con');
    expect(textOf(await objects().get('calls/a=1/one.csv', { from: 4, length: 100 }))).toBe('nd');
  });

  test('has nothing where nothing was put', async () => {
    expect(await objects().get('calls/none')).toBeUndefined();
    expect(await objects().list('none/')).toEqual([]);
    await objects().remove(['calls/none']);
  });

  test('lists by prefix and key, page after page', async () => {
    const keys = Array.from({ length: 1001 }, (_, index) => `many/${String(index).padStart(4, '0')}`);
    for (const key of keys) await objects().put(key, 'x', 'text/plain');
    await objects().put('manz', 'x', 'text/plain');
    expect(await objects().list('many/')).toHaveLength(1000);
    expect((await objects().list('many/', 'many/0998')).map(({ key }) => key)).toEqual(['many/0999', 'many/1000']);
    const all: StoredObject[] = [];
    for await (const object of listAll(objects(), 'many/')) all.push(object);
    expect(all.map(({ key }) => key)).toEqual(keys);
    expect(all[0]?.bytes).toBe(1);
  });

  test('forgets what is removed', async () => {
    await objects().put('gone/1', 'x', 'text/plain');
    await objects().put('gone/2', 'x', 'text/plain');
    await objects().remove(['gone/1']);
    expect((await objects().list('gone/')).map(({ key }) => key)).toEqual(['gone/2']);
  });
}

describe('a bucket in memory', () => {
  const objects = createMemoryObjects();
  objectsContract(() => objects);
});

describe('a bucket on S3', () => {
  let folder: string;
  let buckets: Buckets;
  let client: S3Client;
  const open = async () => {
    buckets = await startBuckets(folder);
    await buckets.create(['stats']);
    client = createS3Client({ endpoint: buckets.origin, region, credentials });
  };
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ringback-buckets-'));
    await open();
  });
  afterAll(async () => {
    client.destroy();
    await buckets.stop();
    await rm(folder, { recursive: true });
  });
  objectsContract(() => createS3Objects(client, 'stats'));

  test('gives a request up before the lease of whoever made it can run out', async () => {
    // The client's type knows no more than that it is one or another of its handlers.
    const handler = client.config.requestHandler as unknown as {
      httpHandlerConfigs(): { requestTimeout?: number; throwOnRequestTimeout?: boolean };
    };
    const { requestTimeout = 0, throwOnRequestTimeout } = handler.httpHandlerConfigs();
    expect([requestTimeout > 0, throwOnRequestTimeout]).toEqual([true, true]);
    expect(requestTimeout * (await client.config.maxAttempts())).toBeLessThan(leaseMs);
  });

  test('remembers its objects when the host is started again, and listens on this machine only', async () => {
    await createS3Objects(client, 'stats').put('kept', 'still here', 'text/plain');
    client.destroy();
    await buckets.stop();
    await open();
    expect(textOf(await createS3Objects(client, 'stats').get('kept'))).toBe('still here');
    expect(new URL(buckets.origin).hostname).toBe('127.0.0.1');
  });
});
