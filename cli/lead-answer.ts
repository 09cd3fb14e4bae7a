import * as z from 'zod';
import { CommandError } from './terminal.ts';

const nullable = z.string().nullable();

const deliverySchema = z.object({
  kind: z.string(),
  account: z.string(),
  provider: nullable,
  state: z.string(),
  attempts: z.number(),
  providerId: nullable,
  reason: nullable,
  nextAt: nullable,
});

const callSchema = z.object({
  callId: z.string(),
  status: z.string(),
  answered: z.boolean(),
  talkSeconds: z.number().nullable(),
  startedAt: nullable,
  recordUrl: nullable,
});

/** What people are shown of a lead; `--json` shows the whole. */
const leadSchema = z.object({
  id: z.string(),
  form: z.string(),
  state: z.string(),
  createdAt: z.string(),
  phone: z.string(),
  name: nullable,
  deliveries: z.array(deliverySchema),
  calls: z.array(callSchema),
});
export type ShownLead = z.output<typeof leadSchema>;

const erasedSchema = z.object({ ok: z.literal(true), id: z.string() });
const listSchema = z.object({ leads: z.array(leadSchema), cursor: nullable });

export const readLead = (answer: unknown) => read(leadSchema, answer);
export const readList = (answer: unknown) => read(listSchema, answer);
export const readErased = (answer: unknown) => read(erasedSchema, answer);

/** Throws CommandError: something answered that is no Ringback, or one of another version. */
function read<Schema extends z.ZodType>(schema: Schema, answer: unknown): z.output<Schema> {
  const result = schema.safeParse(answer);
  if (result.success) return result.data;
  const paths = result.error.issues.map(({ path }) => path.join('.') || 'the whole').join(', ');
  throw new CommandError(`The deployment's answer is not as this version expects it (${paths}); see it with --json.`, {
    cause: result.error,
  });
}
