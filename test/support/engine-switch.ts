import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to an engine that can be cut and restored: what a client sees when the engine stops and starts again. */
export interface EngineSwitch {
  /** To be used in place of the engine's own endpoint, which may be given later. */
  endpoint: string;
  leadTo(engineEndpoint: string): void;
  stop(): Promise<void>;
  start(): Promise<void>;
}

export async function createEngineSwitch(): Promise<EngineSwitch> {
  let target = new URL('http://127.0.0.1:0');
  const open = new Set<Socket>();
  const server = createServer((client) => {
    const engine = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [client, engine],
      [engine, client],
    ] as const) {
      open.add(socket);
      socket.on('error', () => {});
      socket.on('close', () => {
        open.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
  });
  const listen = async (port: number) => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  };
  const port = await listen(0);
  return {
    endpoint: `http://127.0.0.1:${port}`,
    leadTo: (engineEndpoint) => {
      target = new URL(engineEndpoint);
    },
    start: async () => {
      await listen(port);
    },
    stop: async () => {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}
