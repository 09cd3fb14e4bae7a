import * as z from 'zod';

/** Where a list goes on, as clients hand it back: the sort key of the last lead that was read. */
export const cursorSchema = z
  .string()
  .transform((text) => Buffer.from(text, 'base64url').toString())
  .refine((sort) => /^\d{4}-\d\d-\d\dT[\d:.]+Z#[\w-]+$/.test(sort), 'must be the cursor of an earlier answer');

/** Null at the end of a list. */
export function toCursor(sort: string | null): string | null {
  return sort === null ? null : Buffer.from(sort).toString('base64url');
}
