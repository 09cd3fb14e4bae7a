import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { DataSetName } from '#shared/stats/data-set.ts';
import type { Deployment } from './deployment.ts';
import type { Period } from './period.ts';
import { daysSchema, type ExportedDay, fileSchema, readAnswer } from './stats-answer.ts';
import { CommandError } from './terminal.ts';

/** The days of a data set of a deployment's export, those of the period (both ends included) where one is given. Throws CommandError. */
export async function listDays(
  deployment: Deployment,
  dataSet: DataSetName,
  period: Period = {},
): Promise<ExportedDay[]> {
  const days: ExportedDay[] = [];
  let cursor: string | undefined;
  do {
    const page = readAnswer(daysSchema, await deployment.get('/api/stats/days', { dataSet, ...period, cursor }));
    days.push(...page.days);
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return days;
}

/** A file of the export. Throws CommandError. */
export async function readFile(deployment: Deployment, { key, bytes }: ExportedDay['files'][number]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for (let offset = 0; offset < bytes; ) {
    const answer = readAnswer(fileSchema, await deployment.get('/api/stats/file', { key, offset: String(offset) }));
    const chunk = Buffer.from(answer.content, 'base64');
    if (chunk.length === 0) throw new CommandError(`The file ${key} ended early: try again.`);
    chunks.push(chunk);
    offset += chunk.length;
  }
  return Buffer.concat(chunks);
}

/** Days that are not whole yet, and those that they have just replaced, lie here: none of the patterns that readers use goes so deep. */
const asidePrefix = '.part-';

/**
 * Makes the folder of a day what the export has for it. The new files come into a folder aside, which takes the old one's place when it
 * is whole: whoever lists the folder sees all of the old day, all of the new one or, for the instant between two renames, no day.
 */
export async function copyDay(deployment: Deployment, day: ExportedDay, to: string): Promise<void> {
  const { dataSet, files } = day;
  const folder = join(to, dataSet, ...pathOf(day));
  const names = files.map(({ key }) => basename(key));
  if (isSame(await filesIn(folder), names)) return;
  await mkdir(to, { recursive: true });
  // Of its own, for another export may be under way to the same folder.
  const aside = await mkdtemp(join(to, asidePrefix));
  const [next, before] = [join(aside, 'next'), join(aside, 'before')];
  try {
    await mkdir(next);
    for (const file of files) await writeFile(join(next, basename(file.key)), await readFile(deployment, file));
    await mkdir(folder, { recursive: true });
    await rename(folder, before);
    await rename(next, folder);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

/** Takes away the days that the export has no more, such as those of an account that goes by another name now; whatever else lies there stays. */
export async function removeGone(days: readonly ExportedDay[], dataSet: DataSetName, to: string): Promise<void> {
  const root = join(to, dataSet);
  const kept = new Set(days.filter((day) => day.dataSet === dataSet).map((day) => join(root, ...pathOf(day))));
  for (const name of await namesIn(root, { recursive: true })) {
    const isDay = /^provider=[^/\\]+[/\\]account=[^/\\]+[/\\]date=\d{4}-\d\d-\d\d$/.test(name);
    if (isDay && !kept.has(join(root, name))) await rm(join(root, name), { recursive: true });
  }
}

function pathOf({ provider, account, date }: ExportedDay): string[] {
  return [`provider=${provider}`, `account=${account}`, `date=${date}`];
}

/** The export's own files in the folder of a day, none where there is no such folder. */
async function filesIn(folder: string): Promise<string[]> {
  return (await namesIn(folder)).filter((name) => /\.(?:parquet|ndjson|csv)$/.test(name));
}

async function namesIn(folder: string, options: { recursive?: boolean } = {}): Promise<string[]> {
  try {
    return await readdir(folder, options);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.length === others.length && new Set(some).isSubsetOf(new Set(others));
}
