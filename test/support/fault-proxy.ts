import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ProxiedRequest {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface ProxiedAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export type Forward = (body?: Buffer) => Promise<ProxiedAnswer>;

/** Answers a request, with or without forwarding it. `reset` cuts the connection instead of answering. */
export type Intervene = (request: ProxiedRequest, forward: Forward) => Promise<ProxiedAnswer | 'reset'>;

export interface FaultProxy {
  url: string;
  close(): Promise<void>;
}

/** Headers of one connection, which are not forwarded. */
const HOP_BY_HOP = ['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'host', 'expect'];

/** A proxy before a server at `target`. `intervene` decides how each request is answered. */
export async function startFaultProxy(target: string, intervene: Intervene): Promise<FaultProxy> {
  const server = createServer(async (incoming, outgoing) => {
    const request = await read(incoming);
    const answer = await intervene(request, (body = request.body) => forward(target, { ...request, body }));
    if (answer === 'reset') incoming.socket.resetAndDestroy();
    else outgoing.writeHead(answer.status, answer.headers).end(answer.body);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(incoming: IncomingMessage): Promise<ProxiedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const { method = 'GET', url = '/', headers } = incoming;
  return { method, path: url, headers, body: Buffer.concat(chunks) };
}

async function forward(
  target: string,
  { method, path, headers, body }: ProxiedRequest,
): Promise<ProxiedAnswer> {
  const passed = Object.entries(headers).filter(([name]) => !HOP_BY_HOP.includes(name));
  const response = await fetch(target + path, {
    method,
    headers: passed as [string, string][],
    body: method === 'GET' ? undefined : body,
  });
  return {
    status: response.status,
    headers: { 'Content-Type': response.headers.get('Content-Type') ?? 'application/octet-stream' },
    body: Buffer.from(await response.arrayBuffer()),
  };
}
