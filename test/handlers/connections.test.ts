import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { CONNECT_TIMEOUT_MS, createConnections } from '../../handlers/start-function.ts';
import { createTestClient } from '../support/table.ts';

/** The sockets of one function, from `start-function.ts`. */
const SOCKETS = 150;
const DESCRIBE = new DescribeTableCommand({ TableName: 'logs' });

let close = () => {};
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'queueMicrotask', 'Date', 'performance'] });
});
afterEach(() => {
  jest.useRealTimers();
  close();
});

describe('The connections to DynamoDB', () => {
  test('let requests wait for a socket as long as it takes', async () => {
    const open: ServerResponse[] = [];
    const { client, server } = await connect(
      createServer((request, response) => {
        request.resume();
        open.push(response.setHeader('Content-Type', 'application/x-amz-json-1.0'));
        server.emit('received');
      }),
      'http',
    );
    const answers = Promise.all(Array.from({ length: 200 }, () => client.send(DESCRIBE)));
    while (open.length < SOCKETS) await once(server, 'received');
    // 50 requests have no socket, for longer than a connection may take.
    jest.advanceTimersByTime(CONNECT_TIMEOUT_MS * 2);
    expect(open).toHaveLength(SOCKETS);
    server.on('received', () => open.at(-1)?.end('{}'));
    for (const response of open.slice()) response.end('{}');
    expect(await answers).toHaveLength(200);
  });

  test('give up a server that takes a request and is silent for five seconds', async () => {
    const { client, server, connections } = await connect(createServer(), 'http');
    const received = once(server, 'request');
    const answer = expect(client.send(DESCRIBE)).rejects.toMatchObject({ name: 'TimeoutError' });
    await received;
    const [socket] = Object.values(connections.httpAgent.sockets).flatMap((sockets) => sockets ?? []);
    expect(socket?.timeout).toBe(5_000);
    // Node's own clock emits it, which is not faked.
    socket?.emit('timeout');
    await answer;
  });

  test('give up a server that never finishes the handshake', async () => {
    const { client, server } = await connect(createTcpServer(), 'https');
    const connected = once(server, 'connection');
    const answer = expect(client.send(DESCRIBE)).rejects.toMatchObject({ name: 'TimeoutError' });
    await connected;
    jest.advanceTimersByTime(CONNECT_TIMEOUT_MS);
    await answer;
  });
});

async function connect<Listener extends Server | TcpServer>(server: Listener, protocol: string) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connections = createConnections();
  const endpoint = `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createTestClient(endpoint, { maxAttempts: 1, requestHandler: connections });
  close = () => {
    client.destroy();
    server.close();
  };
  return { client, server, connections };
}
