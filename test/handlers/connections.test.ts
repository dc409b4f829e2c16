import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, describe, expect, test } from '@jest/globals';
import { CONNECT_TIMEOUT_MS, createConnections } from '../../handlers/start-function.ts';
import { createTestClient } from '../support/service.ts';

let server: Server | TcpServer | undefined;
let end = () => {};
afterEach(() => {
  end();
  server?.close();
});

describe('The connections to DynamoDB', () => {
  test('let requests wait for a socket as long as it takes', async () => {
    let most = 0;
    let open = 0;
    const answers = createServer(async (request, response) => {
      request.resume();
      most = Math.max(most, ++open);
      // The requests that have no socket yet have waited longer by then than a connection may take.
      await delay(CONNECT_TIMEOUT_MS * 1.2);
      open--;
      response.setHeader('Content-Type', 'application/x-amz-json-1.0').end('{}');
    });
    const client = await connect(answers, 'http');
    await Promise.all(Array.from({ length: 200 }, () => client.send(DESCRIBE)));
    expect(most).toBeGreaterThan(130);
    expect(most).toBeLessThan(200);
  });

  test.each([
    ['a server that takes a connection and never answers', 'http'],
    ['a server that never finishes the handshake', 'https'],
  ] as const)('give up %s', async (_, protocol) => {
    const client = await connect(createTcpServer(), protocol);
    await expect(client.send(DESCRIBE)).rejects.toMatchObject({ name: 'TimeoutError' });
  });
});

const DESCRIBE = new DescribeTableCommand({ TableName: 'logs' });

async function connect(listener: Server | TcpServer, protocol: string) {
  server = listener.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const client = createTestClient(`${protocol}://127.0.0.1:${port}`, {
    maxAttempts: 1,
    requestHandler: createConnections(),
  });
  end = () => client.destroy();
  return client;
}
