import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogClient } from '../client/log-client.ts';
import { parametersOf } from '../client/query.ts';
import { type Problem, ServiceError, unreachable } from '../client/service-error.ts';
import { CallerError, checkCaller } from '../page/check-caller.ts';
import { servePage } from '../page/serve-page.ts';
import { adviceFor } from './advice.ts';
import type { ReadOptions, Terminal } from './arguments.ts';
import { UsageError } from './usage-error.ts';

export interface WebServer {
  url: string;
  /** Opens the page: a browser has to give it once, as the parameter `token` of `url`. */
  token: string;
  close(): Promise<void>;
}

/** The paths of the service that the page may read. A browser reaches no others. */
const READABLE = /^\/(?:logs|logs\/[^/]+|counts|dead-letters)$/;
const PASSED_ON_HEADERS = ['content-type', 'retry-after', 'searched-back-to'];
const HEADERS = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
};
const TOKEN_BYTES = 32;

/** Serves the page for a deployment, and says where, until the terminal's signal or Ctrl-C. */
export async function showWebPage(
  client: LogClient,
  { port, query }: ReadOptions,
  { stdout, folder, signal }: Terminal,
): Promise<void> {
  const { url, token, close } = await startWebServer(client, port, folder);
  const page = new URL(url);
  page.search = String(new URLSearchParams([['token', token], ...parametersOf(query)]));
  stdout.write(`The logs of ${client.base} are at ${page} (Ctrl-C ends it)\n`);

  if (signal) await once(signal, 'abort');
  else await once(process, 'SIGINT');
  await close();
}

/**
 * Serves the page on 127.0.0.1 and passes its reads on to the service, signed with the user's credentials. Other users
 * of the machine reach this address too, so it answers only who has the token.
 * @param folder where to look for saved searches, which the page offers
 * @throws UsageError when the port is taken
 */
export async function startWebServer(client: LogClient, port: number, folder?: string): Promise<WebServer> {
  const token = randomBytes(TOKEN_BYTES).toString('base64url');
  const server = createServer((request, response) => {
    answer({ client, folder }, token, request, response).catch((error) => {
      if (response.headersSent) response.destroy(error);
      else if (error instanceof CallerError) refuse(response, error.status, error.message);
      else if (error instanceof ServiceError) refuse(response, 502, `${error.message}. ${adviceFor(error)}`);
      else refuse(response, 500, 'this server failed');
    });
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening').catch((cause) => {
    throw new UsageError(
      `port ${port} cannot be used (${cause.code}): choose another with --port, 0 for any`,
    );
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    token,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function answer(
  { client, folder }: { client: LogClient; folder?: string },
  token: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = checkCaller(request);
  // A browser sends the cookies of a host to all its ports, so the name says for which one this is.
  const cookie = `logs-${request.socket.localPort}=${token}`;
  if (request.method === 'GET' && url.pathname === '/' && isSame(url.searchParams.get('token'), token))
    return openPage(url, cookie, response);
  if (!request.headers.cookie?.split(/; */).some((given) => isSame(given, cookie)))
    return refuse(response, 403, 'open the address that `logs --web` has printed, with its token');
  if (request.method !== 'GET')
    return refuse(response, 405, 'this server only reads: use GET', { allow: 'GET' });

  const page = await servePage(url.pathname, {
    deployment: nameOf(client.base),
    folder,
    headers: request.headers,
  });
  if (page) response.writeHead(page.status, page.headers).end(page.body);
  else if (READABLE.test(url.pathname)) await passOn(client, url, response);
  else refuse(response, 404, `there is nothing at ${url.pathname}`);
}

/** Exchanges the token for a cookie, so that it does not stay in the address, which people copy. */
function openPage({ searchParams }: URL, cookie: string, response: ServerResponse): void {
  searchParams.delete('token');
  const location = searchParams.size > 0 ? `/?${searchParams}` : '/';
  const setCookie = `${cookie}; Path=/; HttpOnly; SameSite=Strict`;
  response.writeHead(303, { ...HEADERS, location, 'set-cookie': setCookie }).end();
}

/** Takes the same time for all texts of one length. */
function isSame(given: string | null, expected: string): boolean {
  const [left, right] = [Buffer.from(given ?? ''), Buffer.from(expected)];
  return left.length === right.length && timingSafeEqual(left, right);
}

/** A deployment's host and stage, as its users know it. */
function nameOf({ host, pathname }: URL): string {
  return `${host}${pathname.replace(/\/$/, '')}`;
}

async function passOn(client: LogClient, url: URL, response: ServerResponse): Promise<void> {
  const answered = await client.get(client.urlOf(`${url.pathname}${url.search}`));
  const next = client.nextOf(answered);
  const body = await answered.arrayBuffer().catch((cause) => {
    throw unreachable(client.base, cause);
  });
  response.writeHead(answered.status, {
    ...HEADERS,
    ...Object.fromEntries([...answered.headers].filter(([name]) => PASSED_ON_HEADERS.includes(name))),
    // A path only: whatever host a request names, the next page is on this server.
    ...(next && { link: `<${url.pathname}${next.search}>; rel="next"` }),
  });
  response.end(Buffer.from(body));
}

/** Answers with a problem (RFC 9457) of this server and not of the service. */
function refuse(response: ServerResponse, status: number, detail: string, headers = {}): void {
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': 'application/problem+json' });
  const problem: Problem = { title: 'Not passed on', status, detail };
  response.end(JSON.stringify({ type: 'about:blank', ...problem }));
}
