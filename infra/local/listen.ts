import { once } from 'node:events';
import type { AddressInfo, Server } from 'node:net';

const host = '127.0.0.1';

/** Listens on the loopback, on a free port unless one is given. Resolves with the origin; rejects when the port is taken. */
export async function listen(server: Server, port = 0): Promise<string> {
  server.listen(port, host);
  await once(server, 'listening');
  return `http://${host}:${(server.address() as AddressInfo).port}`;
}

/** Takes no more requests and drops those under way. */
export function close(server: Server & { closeAllConnections?(): void }): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not the event `close`: dynalite calls back later, when its files are closed too.
    server.close((error) => (error ? reject(error) : resolve()));
    server.closeAllConnections?.();
  });
}
