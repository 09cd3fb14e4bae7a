import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';
import * as z from 'zod';
import type { Config } from '#shared/config/schema.ts';
import { InvalidRequestError } from '#shared/errors.ts';
import { jsonAnswer } from '#shared/http/api.ts';
import { tryParseJson } from '#shared/http/json.ts';
import type { Clock } from '#shared/ports.ts';
import { providerNamed } from '#shared/providers/registry.ts';
import { dataSetNames } from '#shared/stats/data-set.ts';
import { countDays, dayAt, daySchema } from '#shared/stats/day.ts';
import { hookPath } from '#shared/stats/hook-path.ts';
import { listManifests } from '#shared/stats/list-manifests.ts';
import { listedAccounts } from '#shared/stats/listed-accounts.ts';
import { type SendPull, startPull } from '#shared/stats/pull-queue.ts';
import type { ObjectStore } from '#shared/store/objects.ts';
import type { Pull, PullStore } from '#shared/store/pulls.ts';

export type OperateStatsRequest = {
  /** `GET /api/stats/days`: the gateway's route key. */
  route: string;
  path: Record<string, string | undefined>;
  query: Record<string, string | undefined>;
  body: string;
};

export type OperateStatsPorts = {
  config: Pick<Config, 'accounts' | 'stats'>;
  pulls: PullStore;
  objects: Pick<ObjectStore, 'get' | 'list'>;
  sendPull: SendPull;
  /** The key that the hooks' addresses are made with. */
  readKey: () => Promise<string>;
  clock: Clock;
};

type Route = (request: OperateStatsRequest, ports: OperateStatsPorts) => Promise<unknown>;

/** What an operator can ask for, by route key: the stack has the same. */
export const routes: Record<string, Route> = {
  'POST /api/stats/pulls': startPulls,
  'GET /api/stats/pulls/{id}': showPulls,
  'GET /api/stats/days': listDays,
  'GET /api/stats/file': readFile,
  'GET /api/hooks': listHooks,
};

/** Answers an operator whose token has been checked. Throws InvalidRequestError. */
export async function operateStats(request: OperateStatsRequest, ports: OperateStatsPorts): Promise<Answer> {
  const answer = routes[request.route];
  if (answer === undefined) throw new Error(`the route ${request.route} is none of this function's`);
  return jsonAnswer(200, await answer(request, ports));
}

const pullIdSchema = z.string().regex(/^[\w-]{8,64}$/, 'must be 8 to 64 letters, digits and hyphens');

const pullSchema = z
  .strictObject({
    /** Minted by the client, so that asking again starts nothing twice. */
    id: pullIdSchema,
    account: z.string().optional(),
    from: daySchema.optional(),
    to: daySchema.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, 'from must not lie after to');

/** Starts a pull of one account or of all; with the id of one that is under way, it only nudges that. */
async function startPulls({ body }: OperateStatsRequest, ports: OperateStatsPorts) {
  const { id, account, ...days } = read(pullSchema, tryParseJson(body));
  const today = dayAt(ports.clock());
  for (const field of ['from', 'to'] as const) {
    if ((days[field] ?? '') > today) {
      const message = `must not be a day to come: today is ${today} (UTC)`;
      const fields = [{ field, code: 'invalid', message }];
      throw new InvalidRequestError(400, 'invalid_request', 'The request cannot be read.', { fields });
    }
  }
  const all = listedAccounts(ports.config);
  if (account !== undefined && !all.includes(account)) {
    const message = `There is no account "${account}" whose calls can be listed; there are: ${all.join(', ') || 'none'}.`;
    throw new InvalidRequestError(404, 'not_found', message);
  }
  const { lookbackDays } = ports.config.stats;
  const pulls: Pull[] = [];
  for (const name of account === undefined ? all : [account]) {
    pulls.push(await startPull(id, name, days, { ...ports, lookbackDays }));
  }
  return { id, accounts: pulls.map(presentPull) };
}

async function showPulls({ path }: OperateStatsRequest, { pulls, config }: OperateStatsPorts) {
  const { id } = read(z.object({ id: pullIdSchema }), path);
  const found = await pulls.getMany(id, listedAccounts(config));
  return { id, accounts: found.map(presentPull) };
}

const listSchema = z.strictObject({
  dataSet: z.enum(dataSetNames).default('calls'),
  from: daySchema.optional(),
  to: daySchema.optional(),
  cursor: z.string().startsWith('manifests/').optional(),
});

/** The days of a data set and the files of each, a page at a time; `from` and `to` are both included. */
async function listDays({ query }: OperateStatsRequest, { objects }: OperateStatsPorts) {
  const { cursor, ...asked } = read(listSchema, query);
  const { manifests, next } = await listManifests(objects, { ...asked, after: cursor });
  return { days: manifests, cursor: next };
}

/** What fits into an answer of the gateway when it is written in base64. */
const chunkBytes = 3 * 1024 * 1024;

const fileSchema = z.strictObject({
  key: z.string().regex(/^(calls|leads)\/[\w=/-]+\.(parquet|ndjson|csv)$/, 'must be the key of a file of a day'),
  offset: z.coerce.number().int().nonnegative().default(0),
});

/** A piece of a file, in base64. */
async function readFile({ query }: OperateStatsRequest, { objects }: OperateStatsPorts) {
  const { key, offset } = read(fileSchema, query);
  const content = await objects.get(key, { from: offset, length: chunkBytes });
  if (content === undefined) throw new InvalidRequestError(404, 'not_found', 'There is no such file any more.');
  return { content: Buffer.from(content).toString('base64') };
}

/** Where each account's provider can send news of calls. */
async function listHooks(_request: OperateStatsRequest, { config, readKey }: OperateStatsPorts) {
  const key = await readKey();
  const hooks = Object.entries(config.accounts).flatMap(([account, { provider }]) =>
    providerNamed(provider).readHook === undefined ? [] : [{ account, provider, path: hookPath(account, key) }],
  );
  return { hooks };
}

function presentPull({ account, state, reason, from, to, next, calls, leads, written, odd = 0, kept }: Pull) {
  return {
    account,
    state,
    reason,
    from,
    to,
    days: countDays(from, to),
    done: countDays(from, next) - 1,
    calls,
    leads,
    written,
    odd,
    kept,
  };
}

function read<Schema extends z.ZodType>(schema: Schema, given: unknown): z.output<Schema> {
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const fields = result.error.issues.map(({ path, message }) => ({ field: path.join('.'), code: 'invalid', message }));
  throw new InvalidRequestError(400, 'invalid_request', 'The request cannot be read.', { fields, cause: result.error });
}
