import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLocalServer } from '../../local/server/local-server.ts';

const MIB = 1_024 * 1_024;

let server: Server;
let sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  sockets = [];
  server.closeAllConnections();
  server.close();
});

describe('A client that stops in the middle of a body', () => {
  test('does not keep out short ones, however many there are of it', async () => {
    await serve();
    for (let client = 0; client < 24; client++) {
      const socket = await openSocket();
      socket.write(`POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: ${4 * MIB}\r\n\r\n`);
      await new Promise((sent) => socket.write(Buffer.alloc(4 * MIB - 1), sent));
    }
    const { port } = server.address() as AddressInfo;
    const small = await Promise.all(
      Array.from({ length: 20 }, () =>
        fetch(`http://127.0.0.1:${port}/logs`, { method: 'POST', body: '{"id":"small"}' }),
      ),
    );
    expect(small.map(({ status }) => status)).toEqual(small.map(() => 200));
  });

  test('is told so with 408, also if a byte arrives now and then', async () => {
    await serve({ stallMs: 200 });
    const socket = await openSocket();
    const answered = once(socket, 'data');
    socket.write('POST /logs HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n[');
    const trickle = setInterval(() => socket.write(' '), 10);
    const answer = String(await answered);
    clearInterval(trickle);
    expect(answer).toMatch(/^HTTP\/1.1 408 [\s\S]*connection: close/i);
  });
});

async function serve(options: { stallMs?: number } = {}): Promise<void> {
  const answer = async () => ({ statusCode: 200, headers: {}, body: 'stored' });
  server = createLocalServer({ ...options, functions: { ingest: answer, retrieval: answer } });
  await once(server.listen(0, '127.0.0.1'), 'listening');
}

async function openSocket(): Promise<Socket> {
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  sockets.push(socket);
  // The server may close it.
  socket.on('error', () => {});
  await once(socket, 'connect');
  return socket;
}
