import type * as z from 'zod';
import { InvalidRequestError } from '#shared/errors.ts';

/** The query of a request, checked; what is named but empty was not asked for. Throws InvalidRequestError 400 naming each parameter that is wrong or unknown. */
export function readQuery<Schema extends z.ZodType>(
  schema: Schema,
  query: Record<string, string | undefined>,
): z.output<Schema> {
  const result = schema.safeParse(Object.fromEntries(Object.entries(query).filter(([, value]) => value !== '')));
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), code: 'invalid', message }));
  throw new InvalidRequestError(400, 'invalid_query', 'The query cannot be read.', { fields, cause: result.error });
}
