import { once } from 'node:events';
import type { Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from '@jest/globals';
import { createLocalServer, type Invoke } from '../../local/server/local-server.ts';

const MIB = 1_024 * 1_024;

interface ServeOptions {
  stallMs?: number;
  retrieval?: Invoke;
}

const answer: Invoke = async () => ({ statusCode: 200, headers: {}, body: 'stored' });

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

test('Clients that read a byte now and then keep a bounded part of their answers in memory', async () => {
  let asked = 0;
  const page = ' '.repeat(7 * MIB);
  await serve({
    retrieval: async (event) => {
      const { path } = event as { path: string };
      if (path === '/logs') asked++;
      return { statusCode: 200, body: path === '/logs' ? page : 'small' };
    },
  });
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  for (let client = 0; client < 60; client++) {
    const socket = await openSocket();
    socket.on('readable', () => setTimeout(() => socket.read(1), 10));
    socket.write('GET /logs HTTP/1.1\r\nHost: localhost\r\n\r\n');
  }
  const { port } = server.address() as AddressInfo;
  let isLast: boolean;
  do {
    isLast = asked === 60;
    const other = await fetch(`http://127.0.0.1:${port}/logs/id`);
    expect(await other.text()).toBe('small');
  } while (!isLast);
  const open = connections.filter(({ destroyed }) => !destroyed);
  const unread = open.reduce((sum, { writableLength }) => sum + writableLength, 0);
  expect(unread).toBeGreaterThan(0);
  expect(unread).toBeLessThan(65 * MIB);
});

async function serve({ retrieval = answer, ...options }: ServeOptions = {}): Promise<void> {
  server = createLocalServer({ ...options, functions: { ingest: answer, retrieval } });
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
