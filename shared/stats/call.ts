import * as z from 'zod';
import { type ColumnType, erasedRecord } from './columns.ts';
import { callOutcomes, failedSides } from './outcome.ts';

const text = z.string().nullable();
const seconds = z.number().int().nonnegative().nullable();

/** One call, whichever provider made it. What a provider does not tell is null; what it tells beyond this is in `raw`. */
export const callSchema = z.object({
  callId: z.string().describe("The provider's own number of the call, unique among the provider's calls"),
  provider: z.string().describe('callkeeper, calltouch or pozvonim'),
  account: z.string().describe('Id of the account in ringback.config.ts'),
  leadId: text.describe('The lead that this call is the outcome of'),
  leadAcceptedAt: z
    .number()
    .int()
    .nullable()
    .describe("When that lead's form was accepted, milliseconds since 1970 UTC; ISO 8601 in text files"),
  status: text.describe("The provider's own status, such as CallKeeper's pair 200/486"),
  outcome: z.enum(callOutcomes).describe('What became of the call, in words that all providers share'),
  failedSide: z.enum(failedSides).nullable().describe('On whose side it failed; none where it did not'),
  final: z.boolean().nullable().describe('Whether the status can still change; null where nobody knows'),
  answered: z.boolean().describe('Whether the client and the manager talked'),
  startedAt: z.number().int().nullable().describe('Start in milliseconds since 1970 UTC; ISO 8601 in text files'),
  timeZone: z.string().describe("IANA zone of the provider's own times"),
  talkSeconds: seconds.describe('Seconds of talk after the client picked up'),
  totalSeconds: seconds.describe("Seconds since the manager's phone began to ring"),
  billedSeconds: seconds.describe('Seconds that the provider charges for'),
  attempt: z.number().int().nullable().describe('Number of the attempt, from 1'),
  phone: text.describe("The client's number, E.164 with the plus"),
  managerPhone: text.describe("The manager's number, E.164 with the plus, without extension"),
  recordUrl: text.describe('Address of the recording'),
  site: text.describe('Site that the call came from, as the provider has it'),
  pageUrl: text.describe('Page that the call was ordered on'),
  utmSource: text.describe('utm_source of the visit'),
  utmMedium: text.describe('utm_medium of the visit'),
  utmCampaign: text.describe('utm_campaign of the visit'),
  utmContent: text.describe('utm_content of the visit'),
  utmTerm: text.describe('utm_term of the visit'),
  gaClientId: text.describe("Google Analytics' client id"),
  ymClientId: text.describe("Yandex Metrica's client id"),
  calltouchSessionId: text.describe("Calltouch's session"),
  roistatId: text.describe("Roistat's visit"),
  raw: z
    .string()
    .describe(
      'The whole record as the provider gave it, as JSON; numbers beyond 2^53 as text; {} of one that was erased',
    ),
});
export type Call = z.output<typeof callSchema>;

/** A call as its provider lists it: whose account it is and which lead it belongs to is not for the provider to say. */
export type ProviderCall = Omit<Call, 'provider' | 'account' | 'leadId' | 'leadAcceptedAt'>;

/** What a provider may leave out of a call. */
export const blankCall = {
  status: null,
  outcome: 'unknown',
  failedSide: null,
  final: null,
  answered: false,
  startedAt: null,
  talkSeconds: null,
  totalSeconds: null,
  billedSeconds: null,
  attempt: null,
  phone: null,
  managerPhone: null,
  recordUrl: null,
  site: null,
  pageUrl: null,
  utmSource: null,
  utmMedium: null,
  utmCampaign: null,
  utmContent: null,
  utmTerm: null,
  gaClientId: null,
  ymClientId: null,
  calltouchSessionId: null,
  roistatId: null,
} as const satisfies Partial<ProviderCall>;

/** The columns of every file of calls, in order. */
export const callColumns = {
  callId: 'text',
  provider: 'text',
  account: 'text',
  leadId: 'text',
  leadAcceptedAt: 'timestamp',
  status: 'text',
  outcome: 'text',
  failedSide: 'text',
  final: 'boolean',
  answered: 'boolean',
  startedAt: 'timestamp',
  timeZone: 'text',
  talkSeconds: 'integer',
  totalSeconds: 'integer',
  billedSeconds: 'integer',
  attempt: 'integer',
  phone: 'text',
  managerPhone: 'text',
  recordUrl: 'text',
  site: 'text',
  pageUrl: 'text',
  utmSource: 'text',
  utmMedium: 'text',
  utmCampaign: 'text',
  utmContent: 'text',
  utmTerm: 'text',
  gaClientId: 'text',
  ymClientId: 'text',
  calltouchSessionId: 'text',
  roistatId: 'text',
  raw: 'text',
} as const satisfies Record<keyof Call, ColumnType>;

/** What stays of a call whose lead was erased: when it was and what became of it, nothing that leads back to the person. */
export function withoutPerson(call: Call): Call {
  const { phone, recordUrl, pageUrl, gaClientId, ymClientId, calltouchSessionId, roistatId } = blankCall;
  const visit = { pageUrl, gaClientId, ymClientId, calltouchSessionId, roistatId };
  return { ...call, ...visit, phone, recordUrl, leadId: null, leadAcceptedAt: null, raw: erasedRecord };
}
