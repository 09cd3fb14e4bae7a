import * as z from 'zod';
import { type ColumnType, erasedRecord } from './columns.ts';

const text = z.string().nullable();
const yesOrNo = z.boolean().nullable();

/** A lead as a provider's journal lists it, a copy from here or one that it has from elsewhere. What it does not tell is null. */
export const listedLeadSchema = z.object({
  requestId: z.string().describe("The provider's own number of the lead, unique among the provider's leads"),
  provider: z.string().describe('calltouch, the only one that keeps such a journal'),
  account: z.string().describe('Id of the account in ringback.config.ts'),
  leadId: text.describe('The lead that this is the copy of'),
  requestNumber: text.describe('The number that its sender gave it; of a copy the id of its lead'),
  createdAt: z.number().int().nullable().describe('Milliseconds since 1970 UTC; ISO 8601 in text files'),
  timeZone: z.string().describe("IANA zone of the provider's own times"),
  status: text.describe("The provider's own status"),
  subject: text.describe('Name of the form'),
  isFirst: yesOrNo.describe('Whether it is the first of its client'),
  isTargeted: yesOrNo.describe('Whether the provider counts it as one that was aimed at'),
  name: text.describe("The client's name"),
  phone: text.describe("The client's number, E.164 with the plus"),
  email: text.describe("The client's e-mail address"),
  comment: text.describe('What the client wrote'),
  pageUrl: text.describe('Page that it was sent from, else the first one of the visit'),
  utmSource: text.describe('utm_source of the visit, else its source'),
  utmMedium: text.describe('utm_medium of the visit, else its medium'),
  utmCampaign: text.describe('utm_campaign of the visit'),
  utmContent: text.describe('utm_content of the visit'),
  utmTerm: text.describe('utm_term of the visit'),
  gaClientId: text.describe("Google Analytics' client id"),
  ymClientId: text.describe("Yandex Metrica's client id"),
  calltouchSessionId: text.describe("Calltouch's session"),
  raw: z
    .string()
    .describe(
      'The whole record as the provider gave it, as JSON; numbers beyond 2^53 as text; {} of one that was erased',
    ),
});
export type ListedLead = z.output<typeof listedLeadSchema>;

/** A lead as its provider lists it: whose account it is and which lead it is a copy of is not for the provider to say. */
export type ProviderLead = Omit<ListedLead, 'provider' | 'account' | 'leadId'>;

/** The columns of every file of leads, in order. */
export const listedLeadColumns = {
  requestId: 'text',
  provider: 'text',
  account: 'text',
  leadId: 'text',
  requestNumber: 'text',
  createdAt: 'timestamp',
  timeZone: 'text',
  status: 'text',
  subject: 'text',
  isFirst: 'boolean',
  isTargeted: 'boolean',
  name: 'text',
  phone: 'text',
  email: 'text',
  comment: 'text',
  pageUrl: 'text',
  utmSource: 'text',
  utmMedium: 'text',
  utmCampaign: 'text',
  utmContent: 'text',
  utmTerm: 'text',
  gaClientId: 'text',
  ymClientId: 'text',
  calltouchSessionId: 'text',
  raw: 'text',
} as const satisfies Record<keyof ListedLead, ColumnType>;

/** What stays of a lead whose person was erased. */
export function withoutPerson(lead: ListedLead): ListedLead {
  const visit = { pageUrl: null, gaClientId: null, ymClientId: null, calltouchSessionId: null };
  const person = { leadId: null, requestNumber: null, name: null, phone: null, email: null, comment: null };
  return { ...lead, ...visit, ...person, raw: erasedRecord };
}
