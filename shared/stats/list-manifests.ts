import { type ObjectStore, pageSize } from '../store/objects.ts';
import type { DataSetName } from './data-set.ts';
import type { Day } from './day.ts';
import { type Manifest, manifestPrefix, readManifest } from './export.ts';

const manifestsPerPage = 100;

type Asked = { dataSet: DataSetName; after?: string | undefined; from?: Day | undefined; to?: Day | undefined };

/** A page of manifests after `after`, by key, of days from `from` to `to`, both included; `next` is null at the end. */
export async function listManifests(
  objects: Pick<ObjectStore, 'get' | 'list'>,
  { dataSet, after, from = '', to = '9999' }: Asked,
): Promise<{ manifests: Manifest[]; next: string | null }> {
  const page = await objects.list(manifestPrefix(dataSet), after);
  const keys = page.map(({ key }) => key).filter((key) => isWithin(dateOf(key), from, to));
  const shown = keys.slice(0, manifestsPerPage);
  const manifests = await Promise.all(shown.map((key) => readManifest(objects, key)));
  const last = keys.length > shown.length ? shown.at(-1) : page.length === pageSize ? page.at(-1)?.key : undefined;
  return { manifests: manifests.filter((manifest) => manifest !== undefined), next: last ?? null };
}

const dateOf = (key: string) => /date=([\d-]+)\.json$/.exec(key)?.[1] ?? '';
const isWithin = (date: Day, from: Day, to: Day) => date >= from && date <= to;
