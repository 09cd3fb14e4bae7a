import { createServer, request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { listen } from './listen.ts';

/** A request that went through: the service's action (`PutItem`), its body and its answer as text. */
export type Recorded = { action: string; body: string; answer: string };

/** Passes every request on to this origin, and tells of it once it is answered. */
export async function startRecordingProxy(target: string, record: (recorded: Recorded) => void) {
  const server = createServer(async (incoming, outgoing) => {
    const body = await buffer(incoming);
    const { method, headers, url } = incoming;
    const passed = request(new URL(url ?? '/', target), { method: method ?? 'GET', headers }, async (response) => {
      const answer = await buffer(response);
      const action = String(headers['x-amz-target'] ?? method).replace(/^.*\./, '');
      record({ action, body: body.toString(), answer: answer.toString() });
      outgoing.writeHead(response.statusCode ?? 502, response.headers).end(answer);
    });
    passed.on('error', () => outgoing.destroy());
    passed.end(body);
  });
  return listen(server);
}
