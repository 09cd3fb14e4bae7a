import type * as z from 'zod';
import type { Send } from '../http/send.ts';
import type { Attribution, Language } from '../lead/lead.ts';
import type { Clock, NewNonce, Wait } from '../ports.ts';
import type { ProviderCall } from '../stats/call.ts';
import type { ProviderLead } from '../stats/listed-lead.ts';
import type { Funds } from '../store/funds.ts';
import type { PaceStore } from '../store/pace.ts';
import type { TokenStore } from '../store/tokens.ts';

/** A lead as a provider gets it: what was sent, by whom, from where, and when to ring. */
export type Order = {
  leadId: string;
  /** E.164, with the plus. */
  phone: string;
  name?: string;
  email?: string;
  comment?: string;
  /** `_subject`, else the form's name: CallKeeper's tool_name, Calltouch's subject. */
  subject: string;
  language: Language;
  fields: Record<string, string | string[]>;
  attribution: Attribution;
  visitor: { address?: string; userAgent?: string };
  /** Host of the page, such as `acme.example`. */
  site?: string;
  /** When the form was sent, milliseconds since 1970 UTC. */
  createdAt: number;
  /** Ring then and not now: the form was sent outside its hours. Milliseconds since 1970 UTC. */
  callAt?: number;
  /** The form's hours, in CallKeeper's notation (`09001800` or 56 digits from Monday). */
  hours?: { timeZone: string; open: string };
};

export type Placed = { providerId: string };

/** When each order of a batch may leave, in order (milliseconds since 1970 UTC): a claim belongs shortly before. */
export type Prepared = { leaveAt: number[] };

/** A call in the provider's own list, as reconciliation needs it. */
export type ListedCall = {
  providerId: string;
  /** Digits with the plus. */
  phone: string;
  /** Milliseconds since 1970 UTC. */
  orderedAt: number;
};

/** Which calls to look for: this client's phone, ordered between these two instants (milliseconds since 1970 UTC, inclusive). */
export type CallQuery = { phone: string; from: number; to: number };

/** Which part of the statistics: from, inclusive, to exclusive, both whole seconds in milliseconds since 1970 UTC. */
export type StatsWindow = { from: number; to: number };

/**
 * Where a list was left off, in words of the provider's own folder: `from` begins there, and `passed` hears before each batch
 * where the rest of the list begins.
 */
export type Place = { from: string | undefined; passed(place: string): void };

/** One line of `ringback doctor`: `ok: false` says in words what to do. */
export type Finding = { check: string; ok: boolean; message: string };

/**
 * An account, ready to be used. Every method throws ProviderError, with the fault that the delivery law needs.
 * `placeCall` rings a phone: it is called at most once per claim and must throw `unknown` whenever it cannot prove that nothing was placed.
 */
export type Connection = {
  /** Any documented method by its name in the method table, with the provider's own parameter names. */
  invoke(method: string, params: Record<string, unknown>): Promise<unknown>;
  /** Present where one request may hold several orders: those that an answer of `invoke` refuses while it takes others, in words. */
  refusalsIn?(method: string, params: Record<string, unknown>, answer: unknown): string[];
  /**
   * Present where requests are paced: reserves for this many orders at once, before they are claimed. Each `placeCall` or `trackLead`
   * that follows uses up one reservation and waits for its instant; without any it reserves for itself.
   */
  prepare?(count: number): Promise<Prepared>;
  placeCall?(order: Order): Promise<Placed>;
  findCalls?(query: CallQuery): Promise<ListedCall[]>;
  /** Hands over a copy of the lead for tracking; may be repeated. */
  trackLead?(order: Order): Promise<Placed>;
  /**
   * All calls that started in the window, in batches that fit into memory, whatever their order. Neighbours of the window may be
   * among them, and a call may come twice; one without a start comes with the windows that the provider lists it in.
   */
  listCalls?(window: StatsWindow, place?: Place): AsyncIterable<ProviderCall[]>;
  /** The same of the provider's own journal of leads, where it keeps one. */
  listLeads?(window: StatsWindow): AsyncIterable<ProviderLead[]>;
  /** What the account has left, where the provider tells it. */
  readFunds?(): Promise<Funds>;
  /** Harmless reads that tell whether the account works. */
  check(): Promise<Finding[]>;
};

/**
 * How an account's requests are paced: the rows of the pace store, and what is allowed. `points` are those of a UTC day,
 * where the account counts them.
 */
export type Pace = { key: string; perSecond: number; points: { key: string; perDay: number } | null };

/** One documented method: a line of `ringback methods`, of docs/providers.md and, where all it takes is data, of the client itself. */
export type Method = {
  /** The document's own name where it has one. */
  name: string;
  verb: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Named parameters (`/sites/:siteId`) are keys of the parameters. */
  path: string;
  /** Parameters the document requires, path parameters and credentials left out. */
  required: readonly string[];
};

export type ProviderPorts = {
  send: Send;
  clock: Clock;
  newNonce: NewNonce;
  wait: Wait;
  tokens: TokenStore;
  pace: PaceStore;
  /** Scheme and host to talk to: `origin` below, or a simulator's. */
  origin: string;
  /**
   * Lets an account with an address of its own be one on the loopback, where receivers to try things with listen. Only what runs on
   * one's own machine sets this; any other address that is not public would let a config reach the metadata service and the like.
   */
  allowLoopback?: boolean;
};

/**
 * A provider: one folder, one line in registry.ts.
 * Its account in ringback.config.ts names secrets as `{secret: 'name'}`; `connect` gets them resolved to plain strings.
 */
export type Provider = {
  name: string;
  /** The host of its API, fixed in the cloud; absent where each account brings its own address. */
  origin?: string;
  /** Which environment variable replaces `origin` in the local run and the command line, such as `CALLKEEPER_URL`. */
  originVariable?: string;
  /** Schema of an account in ringback.config.ts, `provider` included. */
  accountSchema: z.ZodType;
  /** Whether this account can ring phones, and whether it takes copies of leads. */
  canCall(account: Record<string, unknown>): boolean;
  canTrack(account: Record<string, unknown>): boolean;
  /** Whether this account's calls can be listed for the statistics. */
  hasStats(account: Record<string, unknown>): boolean;
  /** Whether it keeps a journal of leads beside that of calls: the accounts with statistics list both. */
  hasLeadJournal?: true;
  /** Why this account, fit for trying out on one's own machine, must not be deployed; undefined when it may. */
  localOnly?(account: Record<string, unknown>): string | undefined;
  /** How many deliveries one invocation takes: 1 where a phone waits, more where requests are paced. */
  batchSize: number;
  /** Where requests are paced: how many invocations suffice to use every slot, so that none waits in vain for one of its own. */
  maxConcurrency?: number;
  /** Present where requests are paced. */
  paceOf?(account: Record<string, unknown>): Pace;
  methods: readonly Method[];
  /** Present, with `accountOf`, where several accounts may list the same calls: those that do have this in common. */
  listKey?(account: Record<string, unknown>): string;
  /** Of which of these accounts, by id, a call or lead is that they all list. What bears no sign is the first one's. */
  accountOf?(listed: Pick<ProviderCall, 'raw'>, accounts: Record<string, Record<string, unknown>>): string | undefined;
  /** Present where the provider sends news of calls: the call as a hook tells it; undefined for one that is not about a call. */
  readHook?(fields: Record<string, unknown>): ProviderCall | undefined;
  connect(account: Record<string, unknown>, ports: ProviderPorts): Connection;
};
