import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
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

/**
 * Makes the folder of a day what the export has for it. All files come first, under names that no program reads;
 * then the old ones go and the new ones take their places.
 */
export async function copyDay(deployment: Deployment, day: ExportedDay, to: string): Promise<void> {
  const { dataSet, provider, account, date, files } = day;
  const folder = join(to, dataSet, `provider=${provider}`, `account=${account}`, `date=${date}`);
  await mkdir(folder, { recursive: true });
  const known = new Set(await readdir(folder));
  const wanted = files.map((file) => ({ file, name: basename(file.key) }));
  for (const { file, name } of wanted) {
    if (!known.has(name)) await writeFile(join(folder, `.${name}.part`), await readFile(deployment, file));
  }
  const names = new Set(wanted.map(({ name }) => name));
  for (const name of known) if (!names.has(name)) await rm(join(folder, name));
  for (const name of names) if (!known.has(name)) await rename(join(folder, `.${name}.part`), join(folder, name));
}
