import { fromWallClock, toWallClock } from '#shared/zoned-time.ts';
import type { PhpParams } from '../php-params.ts';
import type { CallRecord, SimulatorOptions } from '../simulator.ts';
import type { Holding } from './holding.ts';
import { progressOf } from './progress.ts';
import { invalid, notFound, Refusal } from './refusal.ts';
import { type Call, ok, type Routes } from './router.ts';
import { allSites, contributorOf, siteIn } from './sites.ts';
import { requireStarred } from './starred.ts';

export type CallState = Pick<SimulatorOptions, 'clock' | 'journal' | 'random'> & { listLag: number };

/** "Звонки" and "Студии просмотр звонков". */
export function callRoutes(state: CallState): Routes {
  const order = ({ holding, params, ids }: Call, ringAt: number) => {
    const site = siteIn(new Map(allSites(holding).map((own) => [own.id, own])), ids);
    const client = phoneOf(params['phone']);
    refuseBlacklisted(site.settings['blacklists'], client);
    const managers = Object.values(site.settings['managers'] ?? {}) as PhpParams[];
    const record = {
      id: String(state.random()),
      account: holding.accountOf(site.id),
      client,
      manager: String(managers[0]?.['phone'] ?? ''),
      text: String(params['source_call'] ?? ''),
      orderedAt: state.clock(),
      ringAt,
      params: { ...flat(params), site_id: site.id },
    };
    state.journal.add(record);
    return ok({ id: Number(record.id), call_id: Number(record.id) });
  };
  const visible = (siteIds: string[]) =>
    state.journal.records.filter(
      ({ orderedAt, params }) =>
        siteIds.includes(params['site_id'] ?? '') && orderedAt + state.listLag <= state.clock(),
    );
  const ownCalls = ({ holding }: Call) => visible(allSites(holding).map(({ id }) => id));
  const contributorCalls = (call: Call) => visible([...contributorOf(call).sites.keys()]);
  const one = (calls: CallRecord[], { ids, holding }: Call) => {
    const record = calls.find(({ id }) => id === ids['callId']);
    if (record === undefined) throw notFound('CALL');
    return ok(describe(record, holding, state.clock(), true));
  };
  return {
    'POST /sites/:siteId/call': (call) => {
      requireStarred(call.params, ['phone']);
      return order(call, state.clock());
    },
    'POST /sites/:siteId/call/delayed': (call) => {
      requireStarred(call.params, ['phone', 'delayed']);
      return order(call, delayedOf(String(call.params['delayed']), state.clock()));
    },
    'GET /calls': (call) => ok(list(ownCalls(call), call, state.clock())),
    'GET /calls/:callId': (call) => one(ownCalls(call), call),
    'GET /contributors/:contributorId/calls': (call) => ok(list(contributorCalls(call), call, state.clock())),
    'GET /contributors/:contributorId/calls/:callId': (call) => one(contributorCalls(call), call),
  };
}

function list(records: CallRecord[], { params, holding }: Call, now: number) {
  const choice = (name: string) => (typeof params[name] === 'object' ? Object.values(params[name]) : undefined);
  const ids = choice('ids');
  if (ids !== undefined) {
    return records.filter(({ id }) => ids.includes(id)).map((record) => describe(record, holding, now, true));
  }
  const from = bound(params, 'start_at', holding) ?? Number.NEGATIVE_INFINITY;
  const to = bound(params, 'end_at', holding) ?? Number.POSITIVE_INFINITY;
  return records
    .filter(({ ringAt }) => ringAt >= from && ringAt < to + 1000)
    .filter(({ client }) => (params['client'] ?? client) === client)
    .filter(({ manager }) => (params['manager'] ?? manager) === manager)
    .filter(({ params: sent }) => choice('sites_ids')?.includes(sent['site_id'] ?? '') ?? true)
    .filter((record) => choice('status_ids')?.includes(String(progressOf(record, now).status)) ?? true)
    .map((record) => describe(record, holding, now, false));
}

function describe(record: CallRecord, { timeZone }: Holding, now: number, inDetail: boolean) {
  const { status, talkSeconds } = progressOf(record, now);
  return {
    id: Number(record.id),
    site_id: Number(record.params['site_id']),
    client: record.client,
    phone: record.client,
    manager: record.manager,
    created_at: toWallClock(record.orderedAt, timeZone),
    start_at: toWallClock(record.ringAt, timeZone),
    duration: talkSeconds,
    status,
    ...(inDetail ? { details: record.params } : {}),
  };
}

function bound(params: PhpParams, name: string, { timeZone }: Holding): number | undefined {
  if (params[name] === undefined) return undefined;
  const instant = fromWallClock(String(params[name]), timeZone);
  if (instant === undefined) throw invalid(name, 'must read YYYY-MM-DD HH:MM:SS');
  return instant;
}

function delayedOf(text: string, now: number): number {
  const isIso = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)$/.test(text);
  const instant = isIso ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(instant)) throw invalid('delayed', 'must be a date and time of ISO 8601');
  if (instant <= now) throw invalid('delayed', 'must lie in the future');
  return instant;
}

function phoneOf(phone: string | PhpParams | undefined): string {
  const text = String(phone);
  const digits = text.replaceAll(/[\s()+-]/g, '');
  if (!/^\d{10,15}$/.test(digits)) throw new Refusal(400, 'CALL-PHONE-INVALID', `The phone ${text} is not a number`);
  return digits;
}

function refuseBlacklisted(blacklists: string | PhpParams | undefined, client: string): void {
  const lines = typeof blacklists === 'object' ? String(blacklists['phone'] ?? '').split(/\s+/) : [];
  if (lines.includes(client))
    throw new Refusal(403, 'CALL-PHONE-BLACKLISTED', `The phone ${client} is not to be called`);
}

function flat(params: PhpParams): Record<string, string> {
  const scalars = Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
  return Object.fromEntries(scalars.filter(([name]) => name !== 'uid' && name !== 'sign'));
}
