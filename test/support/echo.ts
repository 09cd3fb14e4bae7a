import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from './listen.ts';

/**
 * Every provider in one, and the worst of its kind: refuses with the given status and quotes all that it was sent, body, address and headers,
 * wherever one of them puts its reasons. Pozvonim's session it grants.
 */
export async function startEcho(session: string) {
  const echo = { status: 409, isPage: false, asked: [] as string[] };
  const server = createServer(async (request, response) => {
    const body = await text(request);
    const url = request.url ?? '';
    echo.asked.push(url.split('?')[0] ?? '');
    if (url.includes('/auth/token')) {
      const expire = Math.floor(Date.now() / 1000) + 4 * 3600;
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ token: session, expire }));
      return;
    }
    const address = `${request.method} ${url} ${JSON.stringify(request.headers)}`;
    // Reasons are cut: what tells of a person goes first.
    const words = `${retyped(readable(`${body} ${url}`))} ${readable(body)} ${body} ${readable(address)} ${address}`;
    const refusal = {
      status: 'fail',
      reason: words,
      error: { code: words, http_code: echo.status, message: words },
      error_info: [{ reason: words }],
      errorCode: 10_007,
      errorMessage: words,
      message: words,
      data: { apiErrorData: { errorCode: 10_007, errorMessage: words } },
    };
    response.writeHead(echo.status, { 'content-type': echo.isPage ? 'text/html' : 'application/json' });
    response.end(echo.isPage ? `<h1>${words}</h1>` : JSON.stringify(refusal));
  });
  return { echo, ...(await listen(server)) };
}

/** Long numbers, each as a person may type it. */
function retyped(text: string): string {
  return (text.match(/\d{10,}/g) ?? []).map((number) => [...number].join('.')).join(' ');
}

function readable(text: string): string {
  return text.replaceAll('+', ' ').replaceAll(/(?:%[0-9a-f]{2})+/gi, (bytes) => {
    return Buffer.from(bytes.replaceAll('%', ''), 'hex').toString();
  });
}
