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

/** The address of the form's page as far as it is known: by `Referer`, else `Origin`, else the first of the form's origins. */
export function pageOf(origins: readonly string[], headers: Headers): string {
  const { origin = '', referer = '', host } = headers;
  const from = URL.canParse(referer) ? new URL(referer) : undefined;
  // Sent from the error page, which nobody can go back to.
  const isOwnPage = from?.host === host && from?.pathname.startsWith('/f/');
  if (from && origins.includes(from.origin) && !isOwnPage) return referer;
  return `${origins.includes(origin) ? origin : origins[0]}/`;
}
