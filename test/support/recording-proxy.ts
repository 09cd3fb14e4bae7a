import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './listen.ts';

/** A request that went through: the service's action (`PutItem`), its body and its answer as text. */
export type Recorded = { action: string; body: string; answer: string };

/** An answer in place of the service's own; undefined: pass the request on. */
export type Instead = (request: Pick<Recorded, 'action' | 'body'>) => { status: number; body: string } | undefined;

/** Passes every request on to this origin, and tells of it once it is answered. */
export async function startRecordingProxy(
  target: string,
  record: (recorded: Recorded) => void,
  instead: Instead = () => undefined,
) {
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, headers, url } = incoming;
    const action = String(headers['x-amz-target'] ?? method).replace(/^.*\./, '');
    const refused = instead({ action, body: body.toString() });
    if (refused !== undefined) {
      outgoing.writeHead(refused.status).end(refused.body);
      return;
    }
    const passed = request(new URL(url ?? '/', target), { method: method ?? 'GET', headers }, async (response) => {
      const answer = await buffer(response);
      record({ action, body: body.toString(), answer: answer.toString() });
      outgoing.writeHead(response.statusCode ?? 502, response.headers).end(answer);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  return listen(server);
}
