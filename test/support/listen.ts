import type { Server } from 'node:net';
import { close, listen as listenOn } from '../../infra/local/listen.ts';

/** Serves on a free port of the loopback until `close`, which cuts what is still open and may be called again. */
export async function listen(server: Server) {
  const origin = await listenOn(server);
  return {
    port: Number(new URL(origin).port),
    origin,
    close: async () => {
      if (server.listening) await close(server);
    },
  };
}
