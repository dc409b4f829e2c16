import { once } from 'node:events';
import { Agent, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { createLocalServer } from '../../local/server/local-server.ts';
import { prepareEnd } from '../../local/server/prepare-end.ts';

const CLIENTS = 12;

test('A server that ends answers requests on kept-alive connections, and tells them to close', async () => {
  const invoke = async () => ({ statusCode: 200, body: '[]' });
  const server = createLocalServer({ functions: { ingest: invoke, retrieval: invoke } });
  const end = prepareEnd(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const agents = Array.from({ length: CLIENTS }, () => new Agent({ keepAlive: true, maxSockets: 1 }));
  const askAll = () => Promise.all(agents.map((agent) => ask(port, agent)));

  expect(await askAll()).toEqual(Array(CLIENTS).fill([200, 'keep-alive']));
  const ended = end();
  expect(await askAll()).toEqual(Array(CLIENTS).fill([200, 'close']));
  await ended;
});

async function ask(port: number, agent: Agent): Promise<[number | undefined, string | undefined]> {
  const request = get({ host: '127.0.0.1', port, path: '/logs', agent });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response.resume(), 'end');
  return [response.statusCode, response.headers.connection];
}
