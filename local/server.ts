import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { APIGatewayProxyResult, Context } from 'aws-lambda';
import { preflightResponse } from '../handlers/http/cors.ts';
import { HttpProblem, toProblemResponse } from '../handlers/http/http-problem.ts';
import { toGatewayResult } from '../handlers/http/http-response.ts';
import type { LambdaHandler } from '../handlers/http/lambda-handler.ts';
import { bodyTooLarge } from '../handlers/ingest/read-body.ts';
import { WIRE_LIMIT_BYTES } from '../handlers/limits.ts';
import type { Route } from '../handlers/routes.ts';
import { servePage } from '../page/serve-page.ts';
import { matchRoute } from './match-route.ts';
import { toGatewayEvent } from './to-gateway-event.ts';

/** Time that a client has to finish a body that was refused already. */
const LINGER_MS = 1_000;

export type Handlers = Record<Route['handler'], LambdaHandler>;

/**
 * An HTTP server that does what API Gateway does: routes, bounds bodies, and hands events to the functions.
 * Beside the API it serves the page that reads it.
 */
export function createLocalServer(handlers: Handlers): Server {
  return createServer(async (request, response) => {
    try {
      send(response, await answer(handlers, request));
    } catch (error) {
      if (request.destroyed && !request.complete) return;
      const problem =
        error instanceof HttpProblem ? error : new HttpProblem(500, 'The server failed', { cause: error });
      send(response, toGatewayResult(toProblemResponse(problem), ''));
    } finally {
      dropRest(request);
    }
  });
}

async function answer(handlers: Handlers, request: IncomingMessage): Promise<APIGatewayProxyResult> {
  const url = urlOf(request);
  const method = request.method ?? 'GET';
  const page = method === 'GET' ? await servePage(url.pathname) : undefined;
  if (page) return toGatewayResult(page, '');
  const { CORS_ORIGIN } = process.env;
  if (method === 'OPTIONS' && CORS_ORIGIN) return toGatewayResult(preflightResponse(CORS_ORIGIN), '');
  const matched = matchRoute(method, url.pathname);
  if (!matched) throw new HttpProblem(404, `There is nothing at ${url.pathname}: see /logs`);
  if ('allow' in matched) {
    const allow = matched.allow.join(', ');
    throw new HttpProblem(405, `${url.pathname} takes ${allow}, not ${method}`, {
      headers: { Allow: allow },
    });
  }
  const event = toGatewayEvent(request, url, await readBounded(request), matched);
  return handlers[matched.route.handler](event, contextOf(matched.route));
}

/** The URL of a request. Its target is put behind a host as it stands, for `//logs` is a path and no host of its own. */
function urlOf({ url }: IncomingMessage): URL {
  const target = `http://localhost${url}`;
  if (!URL.canParse(target)) throw new HttpProblem(400, `The request line names no path: ${url}`);
  return new URL(target);
}

/** The body, never held beyond the bound on the wire. @throws HttpProblem 413 */
async function readBounded(request: IncomingMessage): Promise<Buffer> {
  if (Number(request.headers['content-length'] ?? 0) > WIRE_LIMIT_BYTES) throw bodyTooLarge();
  const chunks: Buffer[] = [];
  let length = 0;
  // Breaking out of `for await` would destroy the request, and with it the connection that carries the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    length += chunk.length;
    if (length > WIRE_LIMIT_BYTES) throw bodyTooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/**
 * Reads and drops what is still to come of a refused body, for a while: a client that is hung up on amid its
 * body may never get to the answer (RFC 9112 section 9.6), and a body may have no end.
 */
function dropRest(request: IncomingMessage): void {
  if (request.complete) return;
  request.resume();
  const hangUp = setTimeout(() => request.destroy(), LINGER_MS);
  request.once('close', () => clearTimeout(hangUp));
}

function send(
  response: ServerResponse,
  { statusCode, headers, body, isBase64Encoded }: APIGatewayProxyResult,
): void {
  for (const [name, value] of Object.entries(headers ?? {})) response.setHeader(name, String(value));
  response.statusCode = statusCode;
  response.end(isBase64Encoded ? Buffer.from(body, 'base64') : body);
}

function contextOf({ handler }: Route): Context {
  const functionName = `local-log-${handler}`;
  return {
    functionName,
    functionVersion: '$LATEST',
    invokedFunctionArn: functionName,
    memoryLimitInMB: '0',
    awsRequestId: functionName,
    logGroupName: functionName,
    logStreamName: functionName,
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Number.POSITIVE_INFINITY,
    done: () => {},
    fail: () => {},
    succeed: () => {},
  };
}
