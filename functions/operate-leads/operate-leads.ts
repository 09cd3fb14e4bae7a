import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';
import * as z from 'zod';
import { jsonAnswer } from '#shared/http/api.ts';
import type { Lead } from '#shared/lead/lead.ts';
import { type ActPorts, actOnLead } from './act-on-lead.ts';
import { countLeads } from './count-leads.ts';
import { toCursor } from './cursor.ts';
import { type ErasePorts, eraseLead } from './erase-lead.ts';
import { acceptedFormat, formats, toCsv, toNdjson } from './export-leads.ts';
import { type AccountsPorts, listAccounts } from './list-accounts.ts';
import { leadFilter, listLeads, maxLimit } from './list-leads.ts';
import { presentLead } from './present.ts';
import { readQuery } from './read-query.ts';
import { type Action, noSuchLead } from './refusals.ts';
import { releaseAccount } from './release-account.ts';

export type OperateRequest = {
  /** `GET /api/leads/{id}`: the gateway's route key. */
  route: string;
  path?: Record<string, string | undefined>;
  query?: Record<string, string | undefined>;
  accept?: string | undefined;
};
export type OperatePorts = ActPorts & AccountsPorts & ErasePorts;

type Route = (request: Required<OperateRequest>, ports: OperatePorts) => Promise<Answer>;

/** What an operator can ask for, by route key: the stack has the same. */
export const routes: Record<string, Route> = {
  'GET /api/leads': answerList,
  'GET /api/leads/{id}': async (request, ports) =>
    answerLead((await ports.leads.get(idOf(request))) ?? noSuchLead(), ports),
  'POST /api/leads/{id}/retry': act('retry'),
  'POST /api/leads/{id}/cancel': act('cancel'),
  'POST /api/leads/{id}/release': act('release'),
  'DELETE /api/leads/{id}': erase,
  'GET /api/counts': async ({ query }, ports) => jsonAnswer(200, await countLeads(query, ports)),
  'GET /api/accounts': async (_request, ports) => jsonAnswer(200, await listAccounts(ports)),
  'POST /api/accounts/{account}/release': async ({ path, query }, ports) =>
    jsonAnswer(200, await releaseAccount(path['account'] ?? '', query, ports)),
};

/** Answers an operator whose token has been checked. Throws InvalidRequestError. */
export async function operateLeads(
  { route, path = {}, query = {}, accept }: OperateRequest,
  ports: OperatePorts,
): Promise<Answer> {
  const answer = routes[route];
  if (answer === undefined) throw new Error(`the route ${route} is none of this function's`);
  return answer({ route, path, query, accept }, ports);
}

function answerLead(lead: Lead, { config }: OperatePorts): Answer {
  return jsonAnswer(200, presentLead(lead, config.accounts));
}

function act(action: Action): Route {
  return async (request, ports) => answerLead(await actOnLead(idOf(request), action, ports), ports);
}

async function erase(request: Required<OperateRequest>, ports: OperatePorts): Promise<Answer> {
  const id = idOf(request);
  await eraseLead(id, ports);
  return jsonAnswer(200, { ok: true, id });
}

/** What is no id is no lead's: the table would not even take it for a key. */
function idOf({ path }: Required<OperateRequest>): string {
  const id = path['id'] ?? '';
  return /^[\w-]{1,64}$/.test(id) ? id : noSuchLead();
}

const listSchema = z.strictObject({
  ...leadFilter,
  limit: z.coerce.number().int().min(1).max(maxLimit).optional(),
  format: z.enum(formats).optional(),
});

/** A page of leads; as a file, the cursor to go on with comes in the header `ringback-cursor`. */
async function answerList({ query, accept }: Required<OperateRequest>, ports: OperatePorts): Promise<Answer> {
  const { format = acceptedFormat(accept), limit, ...filter } = readQuery(listSchema, query);
  const { leads, next } = await listLeads({ ...filter, limit: limit ?? (format === 'json' ? 50 : maxLimit) }, ports);
  const shown = leads.map((lead) => presentLead(lead, ports.config.accounts));
  const cursor = toCursor(next);
  if (format === 'json') return jsonAnswer(200, { leads: shown, cursor });
  const file =
    format === 'csv'
      ? { type: 'text/csv; charset=utf-8', body: toCsv(shown, filter.cursor === undefined) }
      : { type: 'application/x-ndjson', body: toNdjson(shown) };
  const headers = {
    'content-type': file.type,
    'content-disposition': `attachment; filename="leads.${format}"`,
    'cache-control': 'no-store',
    ...(cursor === null ? {} : { 'ringback-cursor': cursor }),
  };
  return { statusCode: 200, headers, body: file.body };
}
