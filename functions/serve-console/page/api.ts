import type {
  ApiAccountList,
  ApiAccountRelease,
  ApiCounts,
  ApiLead,
  ApiLeadList,
  ApiRefusal,
} from '#shared/operator-api.ts';
import { wait } from './in-turn.ts';

/** The token is not the operator's. */
export class UnauthorizedError extends Error {
  override name = 'UnauthorizedError';
}

/** The API refused, in its own words. */
export class RefusedError extends Error {
  override name = 'RefusedError';
}

/** How often a request is sent again that came too soon after others: it has not been looked at. */
const tries = 5;

async function patiently(send: () => Promise<Response>): Promise<Response> {
  for (let round = 1; ; round++) {
    const response = await send();
    if (response.status !== 429 || round === tries) return response;
    await wait(round * 1_000);
  }
}

export type Query = Record<string, string | undefined>;
export type Action = 'retry' | 'cancel' | 'release';
export type Api = ReturnType<typeof createApi>;

/** The API of this page's own deployment. Each method throws UnauthorizedError, RefusedError, or a TypeError when nothing was reached. */
export function createApi(token: string) {
  async function send(method: string, path: string, query: Query = {}): Promise<Response> {
    // What is no header's text would fail as if the network were down.
    if (!/^[\x21-\x7e]+$/.test(token)) throw new UnauthorizedError();
    const given = Object.entries(query).filter((entry): entry is [string, string] => Boolean(entry[1]));
    const url = `${path}?${new URLSearchParams(given)}`;
    const response = await patiently(() => fetch(url, { method, headers: { authorization: `Bearer ${token}` } }));
    if (response.status === 401) throw new UnauthorizedError();
    if (response.ok) return response;
    const isJson = response.headers.get('content-type')?.startsWith('application/json');
    const { message } = isJson ? ((await response.json()) as Partial<ApiRefusal>) : {};
    throw new RefusedError(message ?? `HTTP ${response.status}`);
  }

  const ask = async <Answer>(method: string, path: string, query?: Query) =>
    (await (await send(method, path, query)).json()) as Answer;
  const pathOf = (id: string) => `/api/leads/${encodeURIComponent(id)}`;

  return {
    leads: (query: Query) => ask<ApiLeadList>('GET', '/api/leads', query),
    lead: (id: string) => ask<ApiLead>('GET', pathOf(id)),
    act: (id: string, action: Action) => ask<ApiLead>('POST', `${pathOf(id)}/${action}`),
    erase: async (id: string) => void (await send('DELETE', pathOf(id))),
    accounts: () => ask<ApiAccountList>('GET', '/api/accounts'),
    releaseAccount: (account: string, cursor?: string) =>
      ask<ApiAccountRelease>('POST', `/api/accounts/${encodeURIComponent(account)}/release`, { cursor }),
    counts: (query: Query) => ask<ApiCounts>('GET', '/api/counts', query),
    /** One page of a file, and the cursor to go on with. */
    async file(query: Query) {
      const response = await send('GET', '/api/leads', query);
      return { blob: await response.blob(), cursor: response.headers.get('ringback-cursor') };
    },
  };
}
