import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogClient } from '../client/log-client.ts';
import { parametersOf } from '../client/query.ts';
import { type Problem, ServiceError } from '../client/service-error.ts';
import { isLoopbackName, servePage } from '../page/serve-page.ts';
import { adviceFor } from './advice.ts';
import { type ReadOptions, type Terminal, UsageError } from './arguments.ts';

export interface WebServer {
  url: string;
  close(): Promise<void>;
}

/** The paths of the service that the page may read. A browser reaches no others. */
const READABLE = /^\/(?:logs|logs\/[^/]+|counts|dead-letters)$/;
const PASSED_ON_HEADERS = ['content-type', 'retry-after', 'searched-back-to'];
const HEADERS = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'cross-origin-resource-policy': 'same-origin',
};

/** Serves the page for a deployment, and says where, until the terminal's signal or Ctrl-C. */
export async function showWebPage(
  client: LogClient,
  { port, query }: ReadOptions,
  { stdout, signal }: Terminal,
): Promise<void> {
  const server = await startWebServer(client, port);
  const page = new URL(server.url);
  page.search = String(parametersOf(query));
  stdout.write(`The logs of ${client.base} are at ${page} (Ctrl-C ends it)\n`);

  if (signal) await once(signal, 'abort');
  else await once(process, 'SIGINT');
  await server.close();
}

/**
 * Serves the page on 127.0.0.1 and passes its reads on to the service, signed with the user's credentials.
 * @throws UsageError when the port is taken
 */
export async function startWebServer(client: LogClient, port: number): Promise<WebServer> {
  const server = createServer((request, response) => {
    answer(client, request, response).catch((error) => response.destroy(error));
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause) => {
    throw new UsageError(
      `port ${port} cannot be used (${cause.code}): choose another with --port, 0 for any`,
    );
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(client: LogClient, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { localPort = 0 } = request.socket;
  const base = `http://${request.headers.host}`;
  const { hostname, port } = new URL(URL.canParse(base) ? base : 'http://unknown');
  if (!isLoopbackName(hostname) || Number(port || 80) !== localPort)
    return refuse(response, 403, `this server answers only at http://127.0.0.1:${localPort}/`);
  if (request.method !== 'GET')
    return refuse(response, 405, 'this server only reads: use GET', { allow: 'GET' });

  const url = new URL(request.url ?? '/', base);
  const page = await servePage(url.pathname, nameOf(client.base));
  if (page) response.writeHead(page.status, page.headers).end(page.body);
  else if (READABLE.test(url.pathname)) await passOn(client, url, response);
  else refuse(response, 404, `there is nothing at ${url.pathname}`);
}

/** A deployment's host and stage, as its users know it. */
function nameOf({ host, pathname }: URL): string {
  return `${host}${pathname.replace(/\/$/, '')}`;
}

async function passOn(client: LogClient, url: URL, response: ServerResponse): Promise<void> {
  try {
    const answered = await client.get(client.urlOf(`${url.pathname}${url.search}`));
    const next = client.nextOf(answered);
    response.writeHead(answered.status, {
      ...HEADERS,
      ...Object.fromEntries([...answered.headers].filter(([name]) => PASSED_ON_HEADERS.includes(name))),
      ...(next && { link: `<${url.origin}${url.pathname}${next.search}>; rel="next"` }),
    });
    response.end(Buffer.from(await answered.arrayBuffer()));
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error;
    refuse(response, 502, `${error.message}. ${adviceFor(error)}`);
  }
}

/** Answers with a problem (RFC 9457) of this server and not of the service. */
function refuse(response: ServerResponse, status: number, detail: string, headers = {}): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': 'application/problem+json' });
  const problem: Problem = { title: 'Not passed on', status, detail };
  response.end(JSON.stringify({ type: 'about:blank', ...problem }));
}
