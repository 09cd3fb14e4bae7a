import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
  type S3ClientConfig,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { type ObjectStore, pageSize } from './objects.ts';

/** All tries of one request together take less than a lease of the pulls lasts. */
const timeoutMs = 15_000;

/** Throws once a request has been without an answer for 15 seconds, three times. */
export function createS3Client(config: S3ClientConfig = {}): S3Client {
  const requestHandler = {
    connectionTimeout: 5_000,
    requestTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    throwOnRequestTimeout: true,
  };
  return new S3Client({ forcePathStyle: true, maxAttempts: 3, requestHandler, ...config });
}

/** The bucket on S3 or on a service that speaks its protocol. */
export function createS3Objects(client: S3Client, bucket: string): ObjectStore {
  const Bucket = bucket;
  return {
    async put(key, body, contentType) {
      await client.send(new PutObjectCommand({ Bucket, Key: key, Body: body, ContentType: contentType }));
    },

    async get(key, range) {
      const Range = range && `bytes=${range.from}-${range.from + range.length - 1}`;
      try {
        const { Body } = await client.send(new GetObjectCommand({ Bucket, Key: key, Range }));
        return (await Body?.transformToByteArray()) ?? new Uint8Array();
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === 'NoSuchKey') return undefined;
        throw error;
      }
    },

    async list(prefix, after) {
      const { Contents = [] } = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix: prefix, StartAfter: after, MaxKeys: pageSize }),
      );
      return Contents.map(({ Key = '', Size = 0 }) => ({ key: Key, bytes: Size }));
    },

    async remove(keys) {
      if (keys.length === 0) return;
      const Objects = keys.map((Key) => ({ Key }));
      const { Errors = [] } = await client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
      if (Errors.length > 0) throw new Error(`${Errors.length} objects were not removed: ${Errors[0]?.Code}`);
    },
  };
}
