import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { listen } from '../../test/support/listen.ts';

/** A provider that takes every call at once, as CallKeeper answers, and knows when each phone (E.164 without the plus) was first ordered. */
export async function startStubProvider() {
  const orderedAt = new Map<string, number>();
  const server = createServer(async (request, response) => {
    const asked = `${request.url} ${await text(request)}`;
    const [, phone = ''] = /client[^0-9]{1,4}(\d{11})/.exec(decodeURIComponent(asked)) ?? [];
    if (!orderedAt.has(phone)) orderedAt.set(phone, performance.now());
    const answer = [{ id: `9${phone}`, manager: '79160000000^_', client: phone, status: 'success' }];
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  const { origin, close } = await listen(server);
  return { origin, orderedAt, close };
}

export type StubProvider = Awaited<ReturnType<typeof startStubProvider>>;
