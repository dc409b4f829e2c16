import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyResult } from 'aws-lambda';
import { preflightResponse } from '../../handlers/http/cors.ts';
import { toGatewayResult } from '../../handlers/http/gateway.ts';
import { HttpProblem, toProblemResponse } from '../../handlers/http/http-problem.ts';
import type { Route } from '../../handlers/routes.ts';
import { CallerError, checkCaller } from '../../page/check-caller.ts';
import { servePage } from '../../page/serve-page.ts';
import { matchRoute, toGatewayEvent } from '../functions/to-gateway-event.ts';
import { Admission } from './admission.ts';
import { dropRemainder, readRequestBody } from './read-request-body.ts';

/** Calls a function with an event of API Gateway. */
export type Invoke = (event: object) => Promise<APIGatewayProxyResult>;

export interface LocalServerOptions {
  functions: Record<Route['handler'], Invoke>;
  /** Names by which the server may be called, in lower case, besides the loopback names and addresses. */
  allowedHosts?: string[];
  /** The origin whose pages may write. Absent, browsers let no other origin write. */
  corsOrigin?: string;
  /** Why nothing can be stored at the moment, and what to do about it. */
  obstacle?: () => string | undefined;
  /** Milliseconds without progress after which a body, or a client that reads its answer, is given up. */
  stallMs?: number;
}

/** Longer than clients keep an idle connection, so that no request is sent while the server closes it. */
const IDLE_CONNECTION_MS = 65_000;

/** No healthy connection stands still for so long in the middle of a request. */
const STALL_MS = 10_000;

/** Seconds after which an obstacle, which somebody has to remove, may be gone. */
const OBSTACLE_RETRY_SECONDS = 10;

/**
 * An HTTP server that does what API Gateway does: it matches routes, limits bodies and calls the functions with events.
 * It also serves the page that reads the API.
 */
export function createLocalServer(options: LocalServerOptions): Server {
  const admission = new Admission();
  const server = createServer(async (request, response) => {
    const result = await answer(options, admission, request).catch(toProblemResult);
    if (response.destroyed || (request.destroyed && !request.complete)) return;
    // When the server is ending, clients should send no more requests on a connection that will be closed.
    if (!server.listening) response.setHeader('Connection', 'close');
    // A client that does not read keeps its whole answer in memory.
    response.setTimeout(options.stallMs ?? STALL_MS, () => response.destroy());
    admission.keep(response, send(response, result));
    dropRemainder(request);
  });
  server.keepAliveTimeout = IDLE_CONNECTION_MS;
  return server;
}

async function answer(
  {
    functions,
    allowedHosts = [],
    corsOrigin,
    obstacle = () => undefined,
    stallMs = STALL_MS,
  }: LocalServerOptions,
  admission: Admission,
  request: IncomingMessage,
): Promise<APIGatewayProxyResult> {
  const url = checkCaller(request, { names: allowedHosts, corsOrigin });
  // HEAD is answered as GET: Node leaves out the body.
  const method = request.method === 'HEAD' ? 'GET' : (request.method ?? 'GET');
  const page = method === 'GET' ? await servePage(url.pathname, { headers: request.headers }) : undefined;
  if (page) return toGatewayResult(page, '');
  if (method === 'OPTIONS' && corsOrigin) return toGatewayResult(preflightResponse(corsOrigin), '');
  const matched = matchRoute(method, url.pathname);
  const isRead = matched.route.handler === 'retrieval';
  const reason = isRead ? undefined : obstacle();
  if (reason !== undefined)
    throw new HttpProblem(503, reason, { headers: { 'Retry-After': String(OBSTACLE_RETRY_SECONDS) } });
  if (!isRead) admission.requireRoom(Number(request.headers['content-length'] ?? 0));
  const body = await readRequestBody(request, admission, stallMs);
  const invoke = () => functions[matched.route.handler](toGatewayEvent(request, url, body, matched));
  return isRead
    ? admission.read(invoke)
    : admission.write(body, request.headers['content-encoding'] ?? '', invoke);
}

function toProblemResult(error: unknown): APIGatewayProxyResult {
  return toGatewayResult(toProblemResponse(toProblem(error)), '');
}

function toProblem(error: unknown): HttpProblem {
  if (error instanceof HttpProblem) return error;
  if (error instanceof CallerError) return new HttpProblem(error.status, error.message);
  return new HttpProblem(500, 'The server failed', { cause: error });
}

/** Returns the bytes of the body. */
function send(
  response: ServerResponse,
  { statusCode, headers, body, isBase64Encoded }: APIGatewayProxyResult,
): number {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  response.statusCode = statusCode;
  const bytes = Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8');
  // Node adds the length by itself, but not in the answer to HEAD. That of a 304 would be the length of the 200.
  if (statusCode !== 304) response.setHeader('Content-Length', bytes.length);
  response.end(bytes);
  return bytes.length;
}
