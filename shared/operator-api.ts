import type { Config } from './config/schema.ts';
import type { DeliveryState } from './lead/delivery.ts';
import type { Attribution, CallOutcome, LeadState } from './lead/lead.ts';

/** What the operator's API answers, for those who write it and those who read it. Instants are ISO 8601 in UTC. */
export type ApiDelivery = {
  id: string;
  kind: 'call' | 'track';
  account: string;
  /** Null: the account is no longer in the config. */
  provider: string | null;
  state: DeliveryState;
  attempts: number;
  providerId: string | null;
  reason: string | null;
  refusals: { account: string; reason: string; at: string }[];
  /** Nobody knows how its last attempt ended: to send it again may ring a phone twice. */
  mayBePlaced: boolean;
  nextAt: string | null;
  updatedAt: string;
};

export type ApiCall = Omit<CallOutcome, 'startedAt'> & { startedAt: string | null };

export type ApiLead = {
  id: string;
  form: string;
  state: LeadState;
  createdAt: string;
  phone: string;
  name: string | null;
  email: string | null;
  comment: string | null;
  subject: string;
  spam: string | null;
  fields: Record<string, string | string[]>;
  attribution: Attribution;
  deliveries: ApiDelivery[];
  calls: ApiCall[];
};

/** `cursor` is null at the end. */
export type ApiLeadList = { leads: ApiLead[]; cursor: string | null };

export type ApiAccount = {
  id: string;
  provider: string;
  /** Forms that ring through it, and forms that send it copies. */
  calls: string[];
  tracks: string[];
  /** Why leads are kept away from it, and when one may try again. */
  breaker: { reason: string; openedAt: string; probeAt: string } | null;
  /** What its provider last said it has left, as far as the provider tells; null: nothing is known. */
  funds: { minutesLeft: number | null; paidTill: string | null; readAt: string } | null;
  /** How many requests it may send, and how far these are used up; null: it is not paced. */
  pace: { perSecond: number; waitSeconds: number; points: { left: number; perDay: number } | null } | null;
};

/** `forms`: all that have leads, those no longer in the config included. `egress`: how the functions leave the cloud, and by which address where it is one and known. */
export type ApiAccountList = {
  accounts: ApiAccount[];
  forms: string[];
  egress: { kind: Config['egress']; address: string | null };
};

/** How many leads of a day (`2026-11-22`, UTC) are in which state now. */
export type ApiDayCount = { day: string } & Record<LeadState, number>;

export type ApiCounts = { days: ApiDayCount[]; cursor: string | null };

export type ApiAccountRelease = { released: number; more: boolean; cursor: string | null };

export type ApiRefusal = {
  ok: false;
  error: string;
  message: string;
  errors: { field: string; code: string; message: string }[];
};
