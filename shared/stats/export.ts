import * as z from 'zod';
import type { Clock, NewNonce } from '../ports.ts';
import { type ObjectStore, removeKeys } from '../store/objects.ts';
import type { Columns, Row } from './columns.ts';
import { createContentHash } from './content-hash.ts';
import { type DataSet, type DataSetName, dataSetNames, type ExportedRow } from './data-set.ts';
import type { Day } from './day.ts';
import { toCsv } from './formats/csv.ts';
import { fromNdjson, toNdjson } from './formats/ndjson.ts';
import { toParquet } from './formats/parquet.ts';
import { expiredOf, isExpired, othersThan, supersede, supersededSchema } from './superseded.ts';

export const formats = {
  parquet: { encode: toParquet, contentType: 'application/vnd.apache.parquet' },
  ndjson: { encode: toNdjson, contentType: 'application/x-ndjson' },
  csv: { encode: toCsv, contentType: 'text/csv; charset=utf-8' },
} as const;
export type Format = keyof typeof formats;

/** Which records a partition holds: those of an account that belong to one day. */
export type Partition = { provider: string; account: string; date: Day };

/** The files of a partition, as they stand. What a manifest does not name is not part of the export. */
export const manifestSchema = z.object({
  dataSet: z.enum(dataSetNames),
  provider: z.string(),
  account: z.string(),
  date: z.string(),
  /** Hash of what the provider listed. */
  listing: z.string(),
  /** Hash of what the files say: the same again needs no writing. */
  content: z.string().default(''),
  /** Formats and columns of the files. */
  layout: z.string().default(''),
  records: z.number(),
  files: z.array(z.object({ key: z.string(), format: z.enum(['parquet', 'ndjson', 'csv']), bytes: z.number() })),
  superseded: supersededSchema.default([]),
});
export type Manifest = z.output<typeof manifestSchema>;

/** Called right before what readers see is changed. Throws when somebody else has it in hand. */
type Confirm = () => Promise<void>;

/** Collects the records of a partition, in order, and replaces what the partition held before with them, all at once. */
export type PartitionWriter = {
  add(rows: readonly Row[]): Promise<void>;
  /** Until here readers see what was there before, from here on all of the new and nothing of the old. `confirm` throws where that is not to be. */
  publish(listing: string, confirm: Confirm): Promise<Manifest>;
};

export type StatsExport = {
  /** Whether the files have the formats and columns that are written now. */
  hasLayout<Record extends ExportedRow>(set: DataSet<Record>, manifest: Manifest): boolean;
  readManifest(dataSet: DataSetName, partition: Partition): Promise<Manifest | undefined>;
  /** Whether all its files are in the bucket. */
  isWhole(manifest: Manifest): Promise<boolean>;
  /** The records of a manifest, file by file. */
  read<Record extends ExportedRow>(set: DataSet<Record>, manifest: Manifest): AsyncGenerator<Record[]>;
  /** `before`: the manifest that is replaced, undefined where there is none. */
  write<Record extends ExportedRow>(
    set: DataSet<Record>,
    partition: Partition,
    before: Manifest | undefined,
  ): PartitionWriter;
  /** Removes what has been superseded for an hour, of a partition that needs no writing. */
  tidy(manifest: Manifest, confirm: Confirm): Promise<void>;
  /** Removes what the partition held before, which else stays for an hour for whoever is reading it. */
  forgetSuperseded(manifest: Manifest): Promise<void>;
};

const json = 'application/json';

/** A file holds at most so many records, and about so many characters of them as they came: it has to fit into memory. */
const recordsPerFile = 5_000;
const rawPerFile = 4_000_000;

type Ports = { objects: ObjectStore; bucket: string; formats: readonly Format[]; newNonce: NewNonce; clock: Clock };

export function createStatsExport(ports: Ports): StatsExport {
  const { objects, newNonce } = ports;
  // What is read again, by the report and when a lead is erased, is NDJSON.
  const written = new Set<Format>([...ports.formats, 'ndjson']);
  const layoutOf = (columns: Columns) => `${[...written].sort().join(' ')}: ${Object.keys(columns).join(' ')}`;
  return {
    hasLayout: ({ columns }, { layout }) => layout === layoutOf(columns),
    readManifest: (dataSet, partition) => readManifest(objects, manifestKey(dataSet, partition)),
    async isWhole({ dataSet, files, ...partition }) {
      const there = new Set(await othersThan(undefined, objects, folderOf(dataSet, partition)));
      return files.every(({ key }) => there.has(key));
    },
    async *read<Record extends ExportedRow>(set: DataSet<Record>, { files }: Manifest) {
      for (const { key } of files.filter(({ format }) => format === 'ndjson')) {
        const content = await objects.get(key);
        if (content === undefined) throw new Error(`${key} is in its manifest and not in the bucket`);
        yield fromNdjson(content, set.columns) as Record[];
      }
    },
    write(set, partition, before) {
      const generation = newNonce().slice(0, 12);
      const files: Manifest['files'] = [];
      let waiting: Row[] = [];
      let rawWaiting = 0;
      let part = 0;
      let records = 0;
      const content = createContentHash(set.columns);

      const flush = async () => {
        const rows = waiting;
        waiting = [];
        rawWaiting = 0;
        records += rows.length;
        const name = `${folderOf(set.name, partition)}${generation}-${String(part++).padStart(4, '0')}`;
        for (const format of written) {
          const key = `${name}.${format}`;
          const body = formats[format].encode(rows, set.columns);
          await objects.put(key, body, formats[format].contentType);
          files.push({ key, format, bytes: body.byteLength });
        }
      };

      return {
        async add(rows) {
          content.add(rows);
          for (const row of rows) {
            waiting.push(row);
            rawWaiting += row.raw.length;
            if (waiting.length >= recordsPerFile || rawWaiting >= rawPerFile) await flush();
          }
        },
        async publish(listing, confirm) {
          if (waiting.length > 0) await flush();
          const others = await othersThan(generation, objects, folderOf(set.name, partition));
          const superseded = supersede(others, before?.superseded ?? [], ports.clock());
          const hashes = { listing, content: content.digest(), layout: layoutOf(set.columns) };
          const manifest: Manifest = { dataSet: set.name, ...partition, ...hashes, records, files, superseded };
          await confirm();
          await putManifest(ports, manifest);
          await removeKeys(objects, expiredOf(others, superseded, ports.clock()));
          return manifest;
        },
      };
    },
    async tidy(manifest, confirm) {
      const now = ports.clock();
      if (!manifest.superseded.some((one) => isExpired(one, now))) return;
      const folder = folderOf(manifest.dataSet, manifest);
      const others = await othersThan(undefined, objects, folder);
      await confirm();
      await removeKeys(objects, expiredOf(others, manifest.superseded, now));
      const superseded = manifest.superseded.filter((one) => !isExpired(one, now));
      await objects.put(manifestKey(manifest.dataSet, manifest), JSON.stringify({ ...manifest, superseded }), json);
    },
    async forgetSuperseded({ dataSet, files, ...partition }) {
      const current = new Set(files.map(({ key }) => key));
      const others = await othersThan(undefined, objects, folderOf(dataSet, partition));
      await removeKeys(
        objects,
        others.filter((key) => !current.has(key)),
      );
    },
  };
}

/** The manifest under this key; undefined when there is none. Throws on one of another version. */
export async function readManifest(objects: Pick<ObjectStore, 'get'>, key: string): Promise<Manifest | undefined> {
  const body = await objects.get(key);
  return body && manifestSchema.parse(JSON.parse(Buffer.from(body).toString()));
}

/** `provider=callkeeper/account=main/date=2026-01-31` */
export function pathOf({ provider, account, date }: Partition): string {
  return `provider=${provider}/account=${account}/date=${date}`;
}

/** Manifests lie apart from the files, so that listing the export needs no look at those. */
export const manifestPrefix = (dataSet: DataSetName) => `manifests/${dataSet}/`;

export const folderOf = (dataSet: DataSetName, partition: Partition) => `${dataSet}/${pathOf(partition)}/`;
export const manifestKey = (dataSet: DataSetName, partition: Partition) =>
  `${manifestPrefix(dataSet)}${pathOf(partition)}.json`;

/**
 * Athena reads the Parquet files that a list in the table's folder names (Hive's SymlinkTextInputFormat), everybody else the manifest.
 * Each changes in one put. A crash between the two leaves both whole for an hour, and the next pull writes them again unless the provider lists what it did before.
 */
async function putManifest({ objects, bucket }: Ports, manifest: Manifest): Promise<void> {
  const { dataSet, files } = manifest;
  const parquet = files.filter(({ format }) => format === 'parquet');
  const list = parquet.map(({ key }) => `s3://${bucket}/${key}\n`).join('');
  await objects.put(`athena/${dataSet}/${pathOf(manifest)}/files.txt`, list, 'text/plain');
  await objects.put(manifestKey(dataSet, manifest), JSON.stringify(manifest), json);
}
