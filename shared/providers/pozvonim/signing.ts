import { createHash } from 'node:crypto';
import { phpQuery } from '../../http/php-query.ts';

/**
 * The parameters as they are sent, with their `sign`: md5 of the key (the session token, or the API key for getting one)
 * and the query string of the parameters sorted by name, as `ksort` and `http_build_query` of the document's PHP example make it.
 */
export function signedQuery(key: string, params: Record<string, unknown>): string {
  const query = phpQuery(sortedByName(params));
  return `${query}&sign=${createHash('md5').update(`${key}${query}`).digest('hex')}`;
}

function sortedByName(params: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1)));
}
