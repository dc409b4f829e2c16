import { once } from 'node:events';
import type { IncomingMessage, Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { WRITE_BUDGET_MS } from '../../handlers/limits.ts';

/** Time in which a client that keeps its connection may send one more request, whose answer closes the connection. */
const IDLE_MS = 500;
/** Time that clients have to finish the requests that they are sending. */
const ARRIVING_MS = 3_000;
/** Time to answer the requests that have arrived. It includes a write that ends just within its own budget. */
const ANSWERING_MS = WRITE_BUDGET_MS + 6_000;

/**
 * Keeps track of the requests of a server, so that it can end without breaking them off.
 * @returns ends the server once it has answered the requests that it has received
 */
export function prepareEnd(server: Server): () => Promise<void> {
  const sockets = new Set<Socket>();
  const requests = new Set<IncomingMessage>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('request', (request, response) => {
    requests.add(request);
    response.once('close', () => requests.delete(request));
  });

  function closeIncomplete(): void {
    const complete = new Set([...requests].filter(({ complete }) => complete).map(({ socket }) => socket));
    for (const socket of sockets) if (!complete.has(socket)) socket.destroy();
  }

  return async () => {
    const closed = once(server, 'close');
    // The close of an HTTP server also closes idle connections, on which a request may be on its way.
    NetServer.prototype.close.call(server);
    const timers = [
      setTimeout(() => server.closeIdleConnections(), IDLE_MS),
      setTimeout(closeIncomplete, ARRIVING_MS),
      setTimeout(() => server.closeAllConnections(), ANSWERING_MS),
    ];
    await closed;
    for (const timer of timers) clearTimeout(timer);
  };
}
