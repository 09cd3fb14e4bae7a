import type { Delivery } from './delivery.ts';

export const attributionNames = [
  'utm_source',
  'utm_medium',
  'utm_campaign',
  'utm_content',
  'utm_term',
  'referrer',
  'entry_point',
  'current_page',
  'ga_client_id',
  'ym_client_id',
  'calltouch_session_id',
  'roistat_id',
] as const;

/** Where the visitor came from, under the names that the forms post (`referrer` is posted as `_referrer`). */
export type Attribution = Partial<Record<(typeof attributionNames)[number], string>>;

export type Language = 'ru' | 'en';

/** What became of the phone, as the provider's statistics or webhook tell it. */
export type CallOutcome = {
  callId: string;
  status: string;
  answered: boolean;
  talkSeconds: number | null;
  /** Milliseconds since 1970 UTC. */
  startedAt: number | null;
  recordUrl: string | null;
  /** Number of the attempt, where the provider counts them. */
  attempt?: number | null;
  /** Whether the status can still change; null where nobody knows. */
  final?: boolean | null;
};

/** One submission: the item in the table. Times are milliseconds since 1970 UTC. */
export type Lead = {
  /** Hash of form and idempotency key, see key.ts. */
  id: string;
  form: string;
  createdAt: number;
  updatedAt: number;
  /** E.164, with the plus. */
  phone: string;
  name?: string;
  email?: string;
  comment?: string;
  /** `_subject`, else the form's name. */
  subject: string;
  language: Language;
  /** Everything else the visitor sent, as it was sent. */
  fields: Record<string, string | string[]>;
  attribution: Attribution;
  visitor: { address?: string; userAgent?: string };
  /** Which rule gave the key, and the hash that tells a repeat from another payload under the same key. */
  key: { source: KeySource; payloadHash: string };
  /** Why it was taken for spam; released leads lose it. */
  spam?: string;
  deliveries: Delivery[];
  calls: CallOutcome[];
};

export type KeySource = 'header' | 'field' | 'tilda' | 'window';

export type LeadState = 'open' | 'done' | 'attention' | 'spam';

/** One word for the whole lead: what needs a person comes first, then what is still under way. */
export function leadState(lead: Pick<Lead, 'spam' | 'deliveries'>): LeadState {
  if (lead.spam !== undefined) return 'spam';
  const states = new Set(lead.deliveries.map((delivery) => delivery.state));
  if (states.has('HELD') || states.has('EXPIRED')) return 'attention';
  return states.has('READY') || states.has('CALLING') || states.has('UNKNOWN') ? 'open' : 'done';
}
