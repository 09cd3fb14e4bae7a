import type { IncomingRequest } from './incoming.ts';

type Headers = IncomingRequest['headers'];

/** The page's origin by `Origin`, else by `Referer`; `null` when it says none, undefined when neither header is there. */
function originOf(headers: Headers): string | null | undefined {
  const { origin, referer } = headers;
  if (origin !== undefined) return origin === 'null' ? null : origin;
  if (referer === undefined) return undefined;
  return URL.canParse(referer) ? new URL(referer).origin : null;
}

/** A form may be sent from its own origins, from the error page that this very host showed, and by programs, which name no origin. */
export function isAllowedOrigin(origins: readonly string[], headers: Headers): boolean {
  const origin = originOf(headers);
  if (origin === undefined) return true;
  if (origin === null) return false;
  return origins.includes(origin) || (URL.canParse(origin) && new URL(origin).host === headers['host']);
}

/** The CORS headers of an answer, refusals included; none for an origin that is not the form's. */
export function corsHeaders(origins: readonly string[], headers: Headers): Record<string, string> {
  const { origin } = headers;
  if (origin === undefined || !origins.includes(origin)) return { vary: 'Origin' };
  return {
    vary: 'Origin',
    'access-control-allow-origin': origin,
    'access-control-expose-headers': 'Idempotency-Replayed, Retry-After',
  };
}

export const preflightHeaders = {
  'access-control-allow-methods': 'POST',
  'access-control-allow-headers': 'Content-Type, Idempotency-Key, X-Requested-With',
  'access-control-max-age': '7200',
};

/** In the address of the error page's own form: the page that the visitor came from. */
export const pageParameter = 'page';

/** The address of the form's page as far as it is known: by what the error page has kept, else `Referer`, `Origin`, the first of the form's origins. */
export function pageOf(
  origins: readonly string[],
  { headers, query }: Pick<IncomingRequest, 'headers' | 'query'>,
): string {
  const { origin = '', referer = '', host } = headers;
  const kept = query.get(pageParameter) ?? '';
  if (isPageOf(origins, kept)) return kept;
  // Sent from the error page, which nobody can go back to.
  const isOwnPage =
    URL.canParse(referer) && new URL(referer).host === host && new URL(referer).pathname.startsWith('/f/');
  if (isPageOf(origins, referer) && !isOwnPage) return referer;
  return `${origins.includes(origin) ? origin : origins[0]}/`;
}

function isPageOf(origins: readonly string[], address: string): boolean {
  return URL.canParse(address) && origins.includes(new URL(address).origin);
}
