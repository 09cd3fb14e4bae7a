import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEventV2 } from 'aws-lambda';
import type { Match } from './routes.ts';

export type HttpAnswer = { status: number; headers: Record<string, string>; cookies: string[]; body: Buffer };

/**
 * The event of payload format 2.0 for a request.
 * `rawPath` and the path parameters come decoded, as an HTTP API gives them, and the query as it was sent.
 */
export function toEvent(
  request: IncomingMessage,
  body: Buffer,
  { route, pathParameters }: Match,
  at: { requestId: string; now: number },
): APIGatewayProxyEventV2 {
  const { path, query } = splitTarget(request);
  const { cookie, ...headers } = joinHeaders(request);
  const sourceIp = request.socket.remoteAddress ?? '';
  const isText = isTextType(headers['content-type'] ?? '');
  return {
    version: '2.0',
    routeKey: route.key,
    rawPath: path,
    rawQueryString: query,
    ...(cookie === undefined ? {} : { cookies: cookie.split(/; */) }),
    headers: { ...headers, 'x-forwarded-for': sourceIp, 'x-forwarded-proto': 'http' },
    ...(query === '' ? {} : { queryStringParameters: joinQuery(new URLSearchParams(query)) }),
    ...(Object.keys(pathParameters).length > 0 ? { pathParameters } : {}),
    requestContext: {
      accountId: '000000000000',
      apiId: 'local',
      domainName: headers['host'] ?? 'localhost',
      domainPrefix: 'localhost',
      http: {
        method: request.method ?? 'GET',
        path,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
      requestId: at.requestId,
      routeKey: route.key,
      stage: '$default',
      time: logTime(at.now),
      timeEpoch: at.now,
    },
    ...(body.length > 0 ? { body: body.toString(isText ? 'utf8' : 'base64') } : {}),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** The answer to what a function returned: a structured result, or anything else as a JSON body. Throws TypeError on a malformed one. */
export function toAnswer(result: unknown): HttpAnswer {
  if (typeof result !== 'object' || result === null || !('statusCode' in result)) {
    const text = typeof result === 'string' ? result : JSON.stringify(result ?? null);
    return { status: 200, headers: { 'content-type': 'application/json' }, cookies: [], body: Buffer.from(text) };
  }
  const { statusCode, headers = {}, cookies = [], body = '', isBase64Encoded } = result as Record<string, unknown>;
  const status = Number(statusCode);
  if (
    !Number.isInteger(status) ||
    status < 100 ||
    status > 599 ||
    typeof body !== 'string' ||
    !Array.isArray(cookies)
  ) {
    throw new TypeError('the function returned neither a result of payload format 2.0 nor plain JSON');
  }
  const given = Object.entries(headers ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    status,
    headers: { ...(body === '' ? {} : { 'content-type': 'text/plain;charset=UTF-8' }), ...Object.fromEntries(given) },
    cookies: cookies.map(String),
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}

/** Which bodies an HTTP API hands over as text: AWS does not list them, this is what people have measured. Forms come as base64. */
function isTextType(contentType: string): boolean {
  return /^\s*(text\/|application\/(json|xml|javascript)\s*(;|$))/i.test(contentType);
}

/** The path, decoded, and the query, as it was sent. A path that cannot be decoded stays as it is. */
export function splitTarget({ url = '/' }: IncomingMessage): { path: string; query: string } {
  const [path = '', ...query] = url.split('?');
  return { path: decode(path), query: query.join('?') };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch (error) {
    if (error instanceof URIError) return path;
    throw error;
  }
}

/** `22/Nov/2026:09:00:30 +0000` */
function logTime(now: number): string {
  return new Date(now).toUTCString().replace(/^\w+, (\d+) (\w+) (\d+) ([\d:]+) GMT$/, '$1/$2/$3:$4 +0000');
}

function joinHeaders(request: IncomingMessage): Record<string, string> {
  return Object.fromEntries(
    Object.entries(request.headersDistinct).map(([name, values]) => [
      name,
      values?.join(name === 'cookie' ? '; ' : ',') ?? '',
    ]),
  );
}

function joinQuery(query: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...query.keys()].map((key) => [key, query.getAll(key).join(',')]));
}
