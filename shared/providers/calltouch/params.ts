import * as z from 'zod';
import { type DayOrder, isRequestDate, periods, readDay } from './moscow.ts';

/** Numbers come and go as numbers or as text. */
export const text = z
  .union([z.string(), z.number()], {
    error: (issue) => (issue.input === undefined ? 'is required' : 'must be text or a number'),
  })
  .transform(String);
const upTo256 = text.refine((value) => value.length <= maxText, 'must have at most 256 characters');

/** What `subject` and `requestNumber` may hold (register document). */
export const maxText = 256;
export const maxCustomFields = 20;

/** A parameter written as the document writes it, `customField[name]`. */
export const customFieldName = /^customField\[.+\]$/;

/** The 11 digits that Calltouch takes; undefined when the number has not as many. Without a plus it may be written the Russian way. */
export function elevenDigits(phone: string): string | undefined {
  const digits = phone.replaceAll(/\D/g, '');
  const isRussian = !phone.trim().startsWith('+');
  if (isRussian && /^\d{10}$/.test(digits)) return `7${digits}`;
  if (!/^\d{11}$/.test(digits)) return undefined;
  return isRussian ? digits.replace(/^8/, '7') : digits;
}

const phone = text.transform((value, context) => {
  const digits = elevenDigits(value);
  if (digits !== undefined) return digits;
  context.addIssue({ code: 'custom', message: 'must be a phone number of 11 digits' });
  return z.NEVER;
});

/** An empty session, or one that a page's script failed to read, makes Calltouch refuse the whole request (seen). */
const session = text.transform((value) => (/^(?:undefined|null|)$/.test(value.trim()) ? undefined : value));

/** Parameters of the register document. */
export const registerSchema = z
  .looseObject({
    siteId: text.optional(),
    subject: upTo256.optional(),
    requestNumber: upTo256.optional(),
    requestDate: text.refine(isRequestDate, 'must be dd.mm.yyyy hh:mm:ss').optional(),
    sessionId: session.optional(),
    fio: text.optional(),
    phoneNumber: phone.optional(),
    email: text.optional(),
    comment: text.optional(),
    tags: text.optional(),
    requestUrl: text.optional(),
    customField: z.record(z.string(), text).optional(),
  })
  .refine(
    ({ fio, phoneNumber, email }) => [fio, phoneNumber, email].some((value) => value !== undefined && value !== ''),
    'needs fio, phoneNumber or email',
  )
  .refine((params) => customFieldCount(params) <= maxCustomFields, {
    path: ['customField'],
    message: `takes at most ${maxCustomFields} fields`,
  });

function customFieldCount({ customField = {}, ...params }: { customField?: Record<string, unknown> | undefined }) {
  return Object.keys(customField).length + Object.keys(params).filter((name) => customFieldName.test(name)).length;
}

/** Parameters of a callback (field notes); `sessionId` is a number there. */
export const callbackSchema = z.looseObject({
  routeKey: text.optional(),
  phone,
  fields: z.array(z.looseObject({ name: z.string(), value: text })).optional(),
  sessionId: session
    .transform((value) => (value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : value))
    .optional(),
  utmSource: text.optional(),
  utmMedium: text.optional(),
  utmCampaign: text.optional(),
  utmContent: text.optional(),
  utmTerm: text.optional(),
  callUrl: text.optional(),
  tags: text.optional(),
  scheduleTime: text.optional(),
});

const day = (order: DayOrder) =>
  text.transform((value, context) => {
    const read = readDay(value, order);
    if (read !== undefined) return read;
    context.addIssue({
      code: 'custom',
      message: `must be a day such as ${order === 'day first' ? '31/01/2026 (dd/mm/yyyy)' : '01/31/2026 (mm/dd/yyyy)'}`,
    });
    return z.NEVER;
  });

/** A journal's page holds at most this many records. */
const maxPageSize = 1000;

/** Days come out as `2026-01-31`; what is beside the named parameters is passed on. */
const periodSchema = (order: DayOrder) =>
  z
    .looseObject({ siteId: text.optional(), dateFrom: day(order), dateTo: day(order) })
    .refine(({ dateFrom, dateTo }) => dateFrom <= dateTo, { path: ['dateTo'], message: 'must not be before dateFrom' });

export const callsSchema = periodSchema('day first')
  .safeExtend({
    limit: z.coerce.number().int().min(1).max(maxPageSize).default(maxPageSize),
    page: z.coerce.number().int().min(1).optional(),
  })
  .refine(({ page, dateFrom, dateTo }) => page === undefined || periods(dateFrom, dateTo).length === 1, {
    path: ['page'],
    message: 'is one of a single request: ask for three months at most, or leave it out',
  });
export const requestsSchema = periodSchema('month first');
