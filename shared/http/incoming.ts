import type { APIGatewayProxyEventV2 } from 'aws-lambda';

/** A request as a function sees it, whatever brought it here. */
export type IncomingRequest = {
  method: string;
  /** Without the query: `/f/main`. */
  path: string;
  /** Of the route's path, decoded: `{formId: 'main'}`. */
  pathParameters: Record<string, string | undefined>;
  query: URLSearchParams;
  /** Names in small letters. */
  headers: Record<string, string | undefined>;
  /** As it came; undefined when it is longer than `maxBodyBytes`. */
  body: Buffer | undefined;
  /** The gateway's own word for where the request came from, never a header's. */
  address: string;
};

/** After base64. */
export const maxBodyBytes = 64 * 1024;

/** Reads an event of API Gateway, payload format 2.0. */
export function toRequest(event: APIGatewayProxyEventV2): IncomingRequest {
  return {
    method: event.requestContext.http.method,
    path: event.rawPath,
    pathParameters: event.pathParameters ?? {},
    query: new URLSearchParams(event.rawQueryString),
    headers: Object.fromEntries(Object.entries(event.headers).map(([name, value]) => [name.toLowerCase(), value])),
    body: readBody(event.body ?? '', event.isBase64Encoded),
    address: event.requestContext.http.sourceIp,
  };
}

function readBody(text: string, isBase64: boolean): Buffer | undefined {
  if (text.length > maxBodyBytes * (isBase64 ? 1.5 : 1)) return undefined;
  const body = Buffer.from(text, isBase64 ? 'base64' : 'utf8');
  return body.length > maxBodyBytes ? undefined : body;
}
