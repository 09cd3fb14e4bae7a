import * as z from 'zod';
import type { Clock, NewNonce } from '../ports.ts';
import { listAll, type ObjectStore, pageSize } from '../store/objects.ts';
import type { Call } from './call.ts';
import type { Day } from './day.ts';
import { toCsv } from './formats/csv.ts';
import { toNdjson } from './formats/ndjson.ts';
import { toParquet } from './formats/parquet.ts';

export const formats = {
  parquet: { encode: toParquet, contentType: 'application/vnd.apache.parquet' },
  ndjson: { encode: toNdjson, contentType: 'application/x-ndjson' },
  csv: { encode: toCsv, contentType: 'text/csv; charset=utf-8' },
} as const;
export type Format = keyof typeof formats;

/** Which calls a partition holds: those of an account that started on one day. */
export type Partition = { provider: string; account: string; date: Day };

/** The files of a partition, as they stand. What a manifest does not name is not part of the export. */
export const manifestSchema = z.object({
  provider: z.string(),
  account: z.string(),
  date: z.string(),
  /** Hash of what the provider listed: the same again needs no writing. */
  listing: z.string(),
  calls: z.number(),
  files: z.array(z.object({ key: z.string(), format: z.enum(['parquet', 'ndjson', 'csv']), bytes: z.number() })),
});
export type Manifest = z.output<typeof manifestSchema>;

/** Collects the calls of a partition, sorted by start, and replaces what the partition held before with them, all at once. */
export type PartitionWriter = {
  add(calls: readonly Call[]): Promise<void>;
  /** Until here readers see what was there before, from here on all of the new and nothing of the old. */
  publish(listing: string): Promise<Manifest>;
};

export type StatsExport = {
  readManifest(partition: Partition): Promise<Manifest | undefined>;
  write(partition: Partition): PartitionWriter;
};

/** Manifests lie apart from the files, so that listing the export needs no look at those. */
export const manifestPrefix = 'manifests/';

/** A file holds at most so many calls, and about so many characters of their records: it has to fit into memory. */
const callsPerFile = 5_000;
const rawPerFile = 4_000_000;

/** Who began to read a partition before it was replaced still finds its files for so long. */
const keptMs = 3_600_000;

type Ports = { objects: ObjectStore; bucket: string; formats: readonly Format[]; newNonce: NewNonce; clock: Clock };

export function createStatsExport(ports: Ports): StatsExport {
  const { objects, newNonce } = ports;
  return {
    readManifest: (partition) => readManifest(objects, manifestKey(partition)),
    write(partition) {
      const generation = newNonce().slice(0, 12);
      const files: Manifest['files'] = [];
      let waiting: Call[] = [];
      let rawWaiting = 0;
      let part = 0;
      let total = 0;

      const flush = async () => {
        const calls = waiting;
        waiting = [];
        rawWaiting = 0;
        total += calls.length;
        const name = `${folderOf(partition)}${generation}-${String(part++).padStart(4, '0')}`;
        for (const format of ports.formats) {
          const key = `${name}.${format}`;
          const body = formats[format].encode(calls);
          await objects.put(key, body, formats[format].contentType);
          files.push({ key, format, bytes: body.byteLength });
        }
      };

      return {
        async add(calls) {
          for (const call of calls) {
            waiting.push(call);
            rawWaiting += call.raw.length;
            if (waiting.length >= callsPerFile || rawWaiting >= rawPerFile) await flush();
          }
        },
        async publish(listing) {
          if (waiting.length > 0) await flush();
          const manifest: Manifest = { ...partition, listing, calls: total, files };
          await putManifest(ports, partition, manifest);
          await removeSuperseded(ports, partition, manifest);
          return manifest;
        },
      };
    },
  };
}

/** The manifest under this key; undefined when there is none. Throws on one of another version. */
export async function readManifest(objects: Pick<ObjectStore, 'get'>, key: string): Promise<Manifest | undefined> {
  const body = await objects.get(key);
  return body && manifestSchema.parse(JSON.parse(Buffer.from(body).toString()));
}

/** A page of manifests after `after`, by key, of days from `from` to `to`, both included; `next` is null at the end. */
export async function listManifests(
  objects: Pick<ObjectStore, 'get' | 'list'>,
  { after, from = '', to = '9999' }: { after?: string | undefined; from?: Day | undefined; to?: Day | undefined },
): Promise<{ manifests: Manifest[]; next: string | null }> {
  const page = await objects.list(manifestPrefix, after);
  const keys = page.map(({ key }) => key).filter((key) => isWithin(dateOf(key), from, to));
  const shown = keys.slice(0, manifestsPerPage);
  const manifests = await Promise.all(shown.map((key) => readManifest(objects, key)));
  const last = keys.length > shown.length ? shown.at(-1) : page.length === pageSize ? page.at(-1)?.key : undefined;
  return { manifests: manifests.filter((manifest) => manifest !== undefined), next: last ?? null };
}

const manifestsPerPage = 100;

const dateOf = (key: string) => /date=([\d-]+)\.json$/.exec(key)?.[1] ?? '';
const isWithin = (date: Day, from: Day, to: Day) => date >= from && date <= to;

/** `provider=callkeeper/account=main/date=2026-01-31` */
export function pathOf({ provider, account, date }: Partition): string {
  return `provider=${provider}/account=${account}/date=${date}`;
}

const folderOf = (partition: Partition) => `calls/${pathOf(partition)}/`;
const manifestKey = (partition: Partition) => `${manifestPrefix}${pathOf(partition)}.json`;

/**
 * Athena reads the Parquet files that a list in the table's folder names (Hive's SymlinkTextInputFormat), everybody else the manifest.
 * Each changes in one put; a crash between the two leaves both whole, and the next pull writes them again.
 */
async function putManifest({ objects, bucket }: Ports, partition: Partition, manifest: Manifest): Promise<void> {
  const parquet = manifest.files.filter(({ format }) => format === 'parquet');
  const list = parquet.map(({ key }) => `s3://${bucket}/${key}\n`).join('');
  await objects.put(`athena/calls/${pathOf(partition)}/files.txt`, list, 'text/plain');
  await objects.put(manifestKey(partition), JSON.stringify(manifest), 'application/json');
}

/** Files of earlier generations, and of pulls that were cut off. */
async function removeSuperseded({ objects, clock }: Ports, partition: Partition, { files }: Manifest): Promise<void> {
  const current = new Set(files.map(({ key }) => key));
  const superseded: string[] = [];
  for await (const { key, modifiedAt } of listAll(objects, folderOf(partition))) {
    if (!current.has(key) && modifiedAt < clock() - keptMs) superseded.push(key);
  }
  for (let at = 0; at < superseded.length; at += 1000) await objects.remove(superseded.slice(at, at + 1000));
}
