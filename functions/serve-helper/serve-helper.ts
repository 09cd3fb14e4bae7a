import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';

/** Answers `GET /ringback.js` with this script, to any page: it is the same for all and holds nothing secret. */
export function createServeHelper(script: string): (requestHeaders: Record<string, string | undefined>) => Answer {
  const compressed = gzipSync(script, { level: 9 }).toString('base64');
  const headers = {
    etag: `"${createHash('sha256').update(script).digest('base64url')}"`,
    // An hour without a question; for a week after that the old one will do while the browser asks for the new one.
    'cache-control': 'public, max-age=3600, stale-while-revalidate=604800',
    'access-control-allow-origin': '*',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
    'strict-transport-security': 'max-age=31536000',
    vary: 'Accept-Encoding',
  };
  const full = { ...headers, 'content-type': 'text/javascript; charset=utf-8' };

  return (asked) => {
    if (asked['if-none-match']?.includes(headers.etag)) return { statusCode: 304, headers };
    if (!/\bgzip\b/.test(asked['accept-encoding'] ?? '')) return { statusCode: 200, headers: full, body: script };
    const encoded = { ...full, 'content-encoding': 'gzip' };
    return { statusCode: 200, headers: encoded, body: compressed, isBase64Encoded: true };
  };
}
