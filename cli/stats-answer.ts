import * as z from 'zod';
import { dataSetNames } from '#shared/stats/data-set.ts';
import { CommandError } from './terminal.ts';

const pullSchema = z.object({
  account: z.string(),
  state: z.enum(['running', 'done', 'failed']),
  reason: z.string().nullable(),
  /** How many days it takes, and how many are done. */
  days: z.number(),
  done: z.number(),
  calls: z.number(),
  leads: z.number(),
  written: z.number(),
  odd: z.number().default(0),
  kept: z.array(z.string()),
});
export type ShownPull = z.output<typeof pullSchema>;

export const pullsSchema = z.object({ id: z.string(), accounts: z.array(pullSchema) });

const daySchema = z.object({
  dataSet: z.enum(dataSetNames),
  provider: z.string(),
  account: z.string(),
  date: z.string(),
  records: z.number(),
  files: z.array(z.object({ key: z.string(), format: z.string(), bytes: z.number() })),
});
export type ExportedDay = z.output<typeof daySchema>;

export const daysSchema = z.object({ days: z.array(daySchema), cursor: z.string().nullable() });
export const fileSchema = z.object({ content: z.base64() });
export const hooksSchema = z.object({
  hooks: z.array(z.object({ account: z.string(), provider: z.string(), path: z.string() })),
});

/** What the deployment answered. Throws CommandError: something answered that is no Ringback, or one of another version. */
export function readAnswer<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const paths = result.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new CommandError(`The deployment's answer is not as this version expects it (${paths}).`, {
    cause: result.error,
  });
}
