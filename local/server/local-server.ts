import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { preflightResponse } from '../../handlers/http/cors.ts';
import { toGatewayResult } from '../../handlers/http/gateway.ts';
import { HttpProblem, toProblemResponse } from '../../handlers/http/http-problem.ts';
import type { Route } from '../../handlers/routes.ts';
import { servePage } from '../../page/serve-page.ts';
import { matchRoute, toGatewayEvent } from '../functions/to-gateway-event.ts';
import { Admission } from './admission.ts';
import { checkCaller } from './check-caller.ts';
import { dropRest, readRequestBody } from './read-request-body.ts';

/** Answers an event of API Gateway. */
export type Invoke = (event: object) => Promise<APIGatewayProxyResult>;

export interface LocalServerOptions {
  functions: Record<Route['handler'], Invoke>;
  /** Names by which the server may be called, in lower case, beside the loopback names and addresses. */
  allowedHosts?: string[];
  /** Why nothing can be stored at the moment, and what to do about it. */
  obstacle?: () => string | undefined;
}

/** RFC 3986 section 3.2: a name or an address, and a port. */
const AUTHORITY = /^(?:\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** Longer than clients keep an idle connection, so that none sends a request into one that is being closed. */
const IDLE_CONNECTION_MS = 65_000;

/** Seconds after which a client may find that somebody has removed an obstacle. */
const OBSTACLE_RETRY_SECONDS = 10;

/**
 * An HTTP server that does what API Gateway does: routes, bounds bodies, and hands events to the functions.
 * Beside the API it serves the page that reads it.
 */
export function createLocalServer(options: LocalServerOptions): Server {
  const admission = new Admission();
  const server = createServer(async (request, response) => {
    const result = await answer(options, admission, request).catch(toProblemResult);
    if (request.destroyed && !request.complete) return;
    // Once the server is to end, clients are not to send more on a connection that will be closed.
    if (!server.listening) response.setHeader('Connection', 'close');
    send(response, result);
    dropRest(request);
  });
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  return server;
}

async function answer(
  { functions, allowedHosts = [], obstacle = () => undefined }: LocalServerOptions,
  admission: Admission,
  request: IncomingMessage,
): Promise<APIGatewayProxyResult> {
  const url = urlOf(request);
  const { CORS_ORIGIN } = process.env;
  checkCaller(request, url, allowedHosts, CORS_ORIGIN);
  // Node sends no body in answer to HEAD.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const page = method === 'GET' ? await servePage(url.pathname) : undefined;
  if (page) return toGatewayResult(page, '');
  if (method === 'OPTIONS' && CORS_ORIGIN) return toGatewayResult(preflightResponse(CORS_ORIGIN), '');
  const matched = matchRoute(method, url.pathname);
  if (!matched) throw new HttpProblem(404, `There is nothing at ${url.pathname}: see /logs`);
  if ('allow' in matched) {
    const allow = matched.allow.join(', ');
    throw new HttpProblem(405, `${url.pathname} takes ${allow}, not ${method}`, {
      headers: { Allow: allow },
    });
  }
  const isRead = matched.route.handler === 'retrieval';
  const reason = isRead ? undefined : obstacle();
  if (reason !== undefined)
    throw new HttpProblem(503, reason, { headers: { 'Retry-After': String(OBSTACLE_RETRY_SECONDS) } });
  if (!isRead) admission.requireRoom(Number(request.headers['content-length'] ?? 0));
  const body = await readRequestBody(request, admission);
  const invoke = () => functions[matched.route.handler](toGatewayEvent(request, url, body, matched));
  return isRead ? admission.read(invoke) : admission.write(body, invoke);
}

/** The URL of a request. RFC 9112 section 3.2: its target is a path, or a whole URL, which then names the host. */
function urlOf({ url: target = '', headers, socket }: IncomingMessage): URL {
  const host = headers.host ?? `localhost:${socket.localPort}`;
  if (!AUTHORITY.test(host)) throw new HttpProblem(400, 'The Host header is no name and port');
  // A path is put behind the host as it stands, for `//logs` is a path and no host of its own.
  const url = target.startsWith('/') ? `http://${host}${target}` : target;
  if (!/^https?:/i.test(url) || !URL.canParse(url))
    throw new HttpProblem(400, `The request line names no path: ${target}`);
  return new URL(url);
}

function toProblemResult(error: unknown): APIGatewayProxyResult {
  const problem =
    error instanceof HttpProblem ? error : new HttpProblem(500, 'The server failed', { cause: error });
  return toGatewayResult(toProblemResponse(problem), '');
}

function send(
  response: ServerResponse,
  { statusCode, headers, body, isBase64Encoded }: APIGatewayProxyResult,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  response.statusCode = statusCode;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  // Node says it by itself, but not in answer to HEAD.
  response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
}
