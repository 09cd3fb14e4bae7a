import { createServer } from 'node:http';
import { listen } from '../support/listen.ts';

/** A site of HTML files on an origin of its own. `pages` are written when they are asked for, by path without the query. */
export async function serveSite(pages: Record<string, () => string>) {
  const server = createServer(({ url = '/' }, response) => {
    const page = pages[url.replace(/\?.*/, '')];
    if (page === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page());
  });
  const { origin, port, close } = await listen(server);
  // The same site by another name, for what comes from outside.
  return { origin, otherOrigin: `http://localhost:${port}`, close };
}

/** A page as a person writes it. */
export function page(body: string, head = ''): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Acme</title>${head}</head><body>${body}</body></html>`;
}
