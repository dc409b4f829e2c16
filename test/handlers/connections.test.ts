import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ANSWER_TIMEOUT_MS, CONNECT_TIMEOUT_MS, createConnections } from '../../handlers/start-function.ts';
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

  test.each([
    { silent: 'is silent', begin: async () => {} },
    {
      silent: 'begins an answer and never ends it',
      begin: (response: ServerResponse) => new Promise((done) => response.write('{', done)),
    },
    {
      silent: 'never ends the headers of an answer',
      begin: ({ socket }: ServerResponse) => new Promise((done) => socket?.write('HTTP/1.1 ', done)),
    },
  ])('give up a server that takes a request and $silent, and try again', async ({ begin }) => {
    const { client, server } = await connect(createServer(), 'http', 2);
    const answer = expect(client.send(DESCRIBE)).rejects.toThrow();
    for (let attempt = 1; attempt <= 2; attempt++) {
      const [{ socket }, response] = await once(server, 'request');
      socket.on('error', () => {});
      await begin(response);
      // What was written arrives.
      await new Promise(setImmediate);
      const closed = new Promise((resolve) => socket.once('close', resolve));
      jest.advanceTimersByTime(ANSWER_TIMEOUT_MS);
      await closed;
      // The wait before the second attempt.
      await jest.advanceTimersByTimeAsync(1_000);
    }
    await answer;
  });

  test('have as long for each request on a connection that is used again', async () => {
    const { client, server } = await connect(createServer(), 'http');
    for (let request = 1; request <= 3; request++) {
      const answer = client.send(DESCRIBE);
      const [, response] = await once(server, 'request');
      jest.advanceTimersByTime(ANSWER_TIMEOUT_MS - 1);
      response.setHeader('Content-Type', 'application/x-amz-json-1.0').end('{}');
      await answer;
    }
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

async function connect<Listener extends Server | TcpServer>(
  server: Listener,
  protocol: string,
  maxAttempts = 1,
) {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `${protocol}://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createTestClient(endpoint, { maxAttempts, requestHandler: createConnections() });
  close = () => {
    client.destroy();
    server.close();
  };
  return { client, server };
}
