import * as z from 'zod';
import { openSchema, timeZoneSchema } from '../../config/values.ts';

/** Numbers come and go as numbers or as text. */
const text = z.union([z.string(), z.number()], {
  error: (issue) => (issue.input === undefined ? 'is required' : 'must be text or a number'),
});
const someText = text.refine((value) => value !== '', 'must not be empty');
const written = (pattern: RegExp, rule: string) => text.refine((value) => pattern.test(String(value)), rule);

const phone = written(/^[+(_ ]*\d[\d+()_ -]*$/, 'must be a phone number without an extension');
/** An office by its place in the widget (the first is 0), or a phone, with `^` before an extension. */
export const managerSchema = written(
  /^[+(_ ]*\d[\d+()_ -]*(?:\^\d+\)?)?$/,
  'must be the number of an office, counted from 0, or a phone such as 74642512525^4342',
);
const offset = /^(?:UTC)?[+-](?:0\d|1[0-4]):?[0-5]\d$/i;
const zone = z.union([z.string().regex(offset), timeZoneSchema], {
  error: 'must be a time zone such as Europe/Moscow, or an offset such as +0300 or UTC+03:00',
});

/** Unix seconds: a value in milliseconds would defer the call by thousands of years. */
const unixSeconds = written(/^[1-9]\d{8,9}$/, 'must be an instant in Unix seconds');

/** "Параметры звонка" of the REST API document; `ext_id` is its examples' other name of external_service_identifier. */
const callFields = {
  client: phone,
  origin: phone.optional(),
  manager: managerSchema.optional(),
  text_to_manager: text.optional(),
  info_to_manager: text.optional(),
  external_service_identifier: text.optional(),
  ext_id: text.optional(),
  time_to_call: unixSeconds.optional(),
  site: text.optional(),
  utc: zone.optional(),
  notification: text.optional(),
  ga_client_id: text.optional(),
  tool_name: text.optional(),
  ip_client: text.optional(),
  client_email: text.optional(),
  calltouch_session_id: text.optional(),
  roistat_id: text.optional(),
  current_page: text.optional(),
  record_to_manager: text.optional(),
  record_to_await: text.optional(),
  office_name: text.optional(),
  opening_hours: openSchema.optional(),
};

/** "Параметры рекламной кампании". */
const campaignFields = {
  utm_source: text.optional(),
  utm_medium: text.optional(),
  utm_campaign: text.optional(),
  utm_content: text.optional(),
  utm_term: text.optional(),
  entry_point: text.optional(),
  user_agent: text.optional(),
};

const interval = written(/^\d+(?:,\d+)*$/, 'must be minutes such as 5,10,15').optional();

/** The flat order of the orderCall document: it reads the kind of visit from `referrer` by itself. */
export const orderCallSchema = z.looseObject({ ...callFields, ...campaignFields, referrer: text.optional(), interval });

const utmSchema = z.looseObject({ ...campaignFields, utm_type: z.enum(['typein', 'referral', 'organic']).optional() });

/** Several calls at once; what is said beside `calls` holds for each of them. */
export const makeCallsSchema = z.looseObject({
  ...callFields,
  client: phone.optional(),
  calls: z
    .array(z.looseObject({ ...callFields, utm: utmSchema.optional() }), {
      error: (issue) => (issue.input === undefined ? 'is required' : 'must be a list of calls'),
    })
    .min(1, 'must hold at least one call'),
});

/** Bounds of a list, `2017-05-01` or `2017-05-01T23:59:59`; the empty text asks for all time. */
const date = z.union(
  [
    z.literal(''),
    z
      .looseObject({ from: text.optional(), to: text.optional() })
      .refine(({ from, to }) => from !== undefined || to !== undefined),
  ],
  {
    error: (issue) => (issue.input === undefined ? 'is required' : 'must be {"from": …, "to": …}, or "" for all time'),
  },
);

export const periodSchema = z.looseObject({ date, time_zone: timeZoneSchema.optional() });
export const statusesSchema = periodSchema.extend({
  statuses: written(/^\d+\/\d+(?:,\d+\/\d+)*$/, 'must be pairs such as 200/0,200/200'),
});
export const callIdSchema = z.looseObject({ id_call: someText });
export const nothingSchema = z.looseObject({});
export const createWidgetSchema = z.looseObject({
  phone,
  name: text.optional(),
  gmt: zone.optional(),
  phoneadd: text.optional(),
  site: text.optional(),
  schedule: openSchema.optional(),
  emails: z.array(z.string()).optional(),
});
export const deleteWidgetSchema = z.looseObject({ whash: someText });
export const tagSchema = z.looseObject({ action: z.literal('set').default('set'), tag: someText, call_id: someText });

/** A list comes under `result` or bare, a single entry possibly without its list (field notes). */
const listed = <Entry extends z.ZodType>(entry: Entry) =>
  z.union([z.array(entry), z.looseObject({ result: z.union([z.array(entry), entry, z.null()]) }), entry]);

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]).optional();

/** One entry per ordered call; a `status` other than `success` is a refusal. */
const orderEntrySchema = z.looseObject({
  id: text.nullish(),
  manager: scalar,
  client: scalar,
  status: z.string(),
  reason: scalar,
});
export type OrderEntry = z.output<typeof orderEntrySchema>;

/** A call in the statistics ("Параметры ответа в формате JSON"): `date` is UTC, phone1 the manager, phone2 the client. */
const callRecordSchema = z.looseObject({
  id: text,
  status_code: scalar,
  status2_code: scalar,
  phone1: scalar,
  phone2: scalar,
  date: scalar,
  duration_sec: scalar,
  duration2_sec: scalar,
  record_url: scalar,
});

/** Only `paid_till` has been seen, `balance` is assumed. */
const userSchema = z.looseObject({ paid_till: scalar, balance: scalar });

/** Always a list: of a lone object nobody knows whether its status speaks of a call. */
export const orderAnswerSchema = z.union([
  z.array(orderEntrySchema),
  z.looseObject({ result: z.array(orderEntrySchema) }),
]);
/** What is in a list of calls is looked at one by one, an odd record hides none of the others; where nothing looks like a call, it is another list. */
const recordsSchema = z
  .array(z.unknown())
  .refine((entries) => entries.length === 0 || entries.some((entry) => looksLikeCall.safeParse(entry).success));
const looksLikeCall = z
  .looseObject({})
  .refine((entry) => ['id', 'date', 'phone2'].some((field) => entry[field] !== undefined));

export const recordsAnswerSchema = z.union([
  recordsSchema,
  z.looseObject({ result: z.union([recordsSchema, callRecordSchema, z.null()]) }),
  callRecordSchema,
]);
export const userAnswerSchema = listed(userSchema);

export type Listed<Entry> = Entry[] | { result: Entry[] | Entry | null } | Entry;

/** The entries of an answer, wherever it carries them. */
export function entriesOf<Entry>(answer: Listed<Entry>): Entry[] {
  if (Array.isArray(answer)) return answer;
  if (typeof answer !== 'object' || answer === null || !('result' in answer)) return [answer as Entry];
  const result = answer.result as Entry[] | Entry | null;
  if (result === null) return [];
  return Array.isArray(result) ? result : [result];
}
