import type * as z from 'zod';
import { InvalidRequestError } from '../errors.ts';

/** Parameters of a provider's method as its schema reads them. Throws InvalidRequestError naming each bad one. */
export function checkParams<Schema extends z.ZodType>(
  method: string,
  schema: Schema,
  given: unknown,
): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => ({
    field: path.join('.'),
    code: 'invalid',
    message,
  }));
  const words = fields.map(({ field, message }) => `${field} ${message}`.trim()).join('; ');
  throw new InvalidRequestError(400, 'invalid-parameters', `${method}: ${words}`, { fields });
}
