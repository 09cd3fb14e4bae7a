import type { CalltouchState } from '../calltouch.ts';
import type { CallRecord, SimulatorRequest, SimulatorResponse } from '../simulator.ts';
import { isAnswered, talkedMs } from './call-progress.ts';
import { dateStr, moscowInstant } from './moscow-time.ts';
import { refuse } from './refusals.ts';

const dayMs = 86_400_000;
const maxLimit = 1000;

/** The journal of calls, days dd/mm/yyyy: paged, or a bare array without page and limit (field notes). */
export function listCalls(site: string, { query }: SimulatorRequest, state: CalltouchState): SimulatorResponse {
  const account = accountOf(site, query, state);
  if (account === undefined) return refuse(403, 'Access denied', 403);
  const bounds = readBounds(query, ([day, month, year]) => [year, month, day].map(Number));
  if (typeof bounds === 'string') return refuse(400, bounds);
  const now = state.clock();
  const records = state
    .calls()
    .filter((call) => call.account === account && now >= call.ringAt + state.listLagMs)
    .filter(({ ringAt }) => ringAt >= bounds.from && ringAt < bounds.before)
    .map((call) => describe(call, site, now));
  if (!query.has('page') && !query.has('limit')) return ok(records);
  const page = Number(query.get('page') ?? 1);
  const limit = Number(query.get('limit') ?? maxLimit);
  if (!(Number.isInteger(page) && page >= 1)) return refuse(400, 'page must be a number from 1');
  if (!(Number.isInteger(limit) && limit >= 1 && limit <= maxLimit)) return refuse(400, 'limit must be 1 to 1000');
  const onPage = records.slice((page - 1) * limit, page * limit);
  return ok({
    page,
    pageTotal: Math.ceil(records.length / limit),
    pageSize: onPage.length,
    recordsTotal: records.length,
    records: onPage,
  });
}

/** The journal of requests, days mm/dd/yyyy: a bare array (field notes). */
export function listRequests({ query }: SimulatorRequest, state: CalltouchState): SimulatorResponse {
  const site = query.get('siteId') ?? '';
  if (accountOf(site, query, state) === undefined) return refuse(403, 'Access denied', 403);
  const bounds = readBounds(query, ([month, day, year]) => [year, month, day].map(Number));
  if (typeof bounds === 'string') return refuse(400, bounds);
  return ok(
    state.requests
      .filter((request) => request.site === site && request.at >= bounds.from && request.at < bounds.before)
      .map(({ body }) => body),
  );
}

function accountOf(site: string, query: URLSearchParams, state: CalltouchState): string | undefined {
  const token = query.get('clientApiId');
  return Object.entries(state.accounts).find(
    ([, { siteId, apiToken }]) => String(siteId) === site && token !== null && String(apiToken) === token,
  )?.[0];
}

/** Start of the first day and end of the last in Moscow, or what is wrong with them. */
function readBounds(query: URLSearchParams, arrange: (parts: string[]) => number[]) {
  const [from, to] = ['dateFrom', 'dateTo'].map((name) => {
    const text = query.get(name) ?? '';
    return /^\d\d\/\d\d\/\d{4}$/.test(text) ? moscowInstant(arrange(text.split('/'))) : undefined;
  });
  if (from === undefined || to === undefined) return 'dateFrom and dateTo are not valid';
  const limit = new Date(from);
  limit.setUTCMonth(limit.getUTCMonth() + 3);
  if (to >= limit.getTime()) return 'the period is longer than three months';
  return to < from ? 'dateTo is before dateFrom' : { from, before: to + dayMs };
}

function describe(call: CallRecord, siteId: string, now: number): Record<string, unknown> {
  return {
    callId: Number(call.id),
    siteId: Number(siteId),
    date: dateStr(call.ringAt),
    timestamp: Math.floor(call.ringAt / 1000),
    callerNumber: call.client,
    phoneNumber: '74950000000',
    duration: Math.floor(talkedMs(call, now) / 1000),
    waitingConnect: 6,
    successful: isAnswered(call),
    callbackCall: true,
    source: call.params['utmSource'] ?? null,
    medium: call.params['utmMedium'] ?? null,
    utmSource: call.params['utmSource'] ?? '',
    utmMedium: call.params['utmMedium'] ?? '',
    utmCampaign: call.params['utmCampaign'] ?? '',
    callUrl: call.params['callUrl'] ?? '',
    sessionId: call.params['sessionId'] ?? null,
  };
}

function ok(body: unknown): SimulatorResponse {
  return { status: 200, body: JSON.stringify(body) };
}
