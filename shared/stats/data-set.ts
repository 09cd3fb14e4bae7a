import type * as z from 'zod';
import * as call from './call.ts';
import type { Columns, Row } from './columns.ts';
import * as lead from './listed-lead.ts';

/** What every record has, whatever its kind. */
export type ExportedRow = Row & { account: string; leadId: string | null; phone: string | null };

/** A kind of record that is exported day by day. */
export type DataSet<Record extends ExportedRow> = {
  name: DataSetName;
  columns: Columns;
  /** Describes each column. */
  schema: z.ZodObject;
  /** Tells records of a provider apart. */
  idOf(record: Listed<Record>): string;
  /** Which day it belongs to, and where in it: milliseconds since 1970 UTC. */
  instantOf(record: Listed<Record>): number | null;
  /** The record without what leads back to its person. */
  withoutPerson(record: Record): Record;
};

/** A record as its provider lists it: whose account it is and which lead it belongs to is not for the provider to say. */
export type Listed<Record> = Omit<Record, 'provider' | 'account' | 'leadId' | 'leadAcceptedAt'>;

export const dataSetNames = ['calls', 'leads'] as const;
export type DataSetName = (typeof dataSetNames)[number];

export const callSet: DataSet<call.Call> = {
  name: 'calls',
  columns: call.callColumns,
  schema: call.callSchema,
  idOf: ({ callId }) => callId,
  instantOf: ({ startedAt }) => startedAt,
  withoutPerson: call.withoutPerson,
};

/** Of the providers that keep a journal of leads beside that of calls. */
export const leadSet: DataSet<lead.ListedLead> = {
  name: 'leads',
  columns: lead.listedLeadColumns,
  schema: lead.listedLeadSchema,
  idOf: ({ requestId }) => requestId,
  instantOf: ({ createdAt }) => createdAt,
  withoutPerson: lead.withoutPerson,
};
