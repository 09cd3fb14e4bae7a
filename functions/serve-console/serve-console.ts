import type { APIGatewayProxyStructuredResultV2 as Answer } from 'aws-lambda';

/** The page's files by name, as text. */
export type ConsoleFiles = Record<string, string>;

const types: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};

/** The page speaks to its own origin alone, runs its own file alone, and is shown in no frame. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

/** `GET /console` is the page, `GET /console/{file}` what it is made of. Nothing in it is secret: all it shows it asks the API for. */
export function serveConsole(file: string | undefined, files: ConsoleFiles): Answer {
  const name = file ?? 'index.html';
  if (!Object.hasOwn(files, name)) return { statusCode: 404, body: 'Not found' };
  const type = types[name.split('.').at(-1) ?? ''] ?? 'text/plain';
  const headers = {
    'content-type': type,
    'content-security-policy': policy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'strict-transport-security': 'max-age=31536000',
    'cache-control': 'no-cache',
  };
  return { statusCode: 200, headers, body: files[name] ?? '' };
}
