import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Context } from 'aws-lambda';
import { HttpProblem } from '../../handlers/http/http-problem.ts';
import { ROUTES, type Route } from '../../handlers/routes.ts';

export interface MatchedRoute {
  route: Route;
  /** As they are in the URL, still percent-encoded, as a REST API passes them on. */
  pathParameters: Record<string, string> | null;
}

/** The event that API Gateway's REST proxy integration makes of a request, as far as the functions read it. */
export function toGatewayEvent(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  { route, pathParameters }: MatchedRoute,
): object {
  const headers = { ...request.headersDistinct, 'x-forwarded-proto': ['http'] };
  const queryNames = [...new Set(url.searchParams.keys())];
  return {
    resource: route.resource,
    path: url.pathname,
    httpMethod: route.method,
    headers: mapValues(headers, (values) => values?.at(-1)),
    multiValueHeaders: headers,
    queryStringParameters: toObject(queryNames, (name) => url.searchParams.getAll(name).at(-1)),
    multiValueQueryStringParameters: toObject(queryNames, (name) => url.searchParams.getAll(name)),
    pathParameters,
    stageVariables: null,
    requestContext: {
      requestId: randomUUID(),
      domainName: url.host,
      path: url.pathname,
      resourcePath: route.resource,
      httpMethod: route.method,
      stage: 'local',
      identity: { sourceIp: request.socket.remoteAddress },
    },
    // The API treats every media type as binary, so that gzip arrives unchanged.
    body: body.length > 0 ? body.toString('base64') : null,
    isBase64Encoded: true,
  };
}

/** The route of a request. @throws HttpProblem 404 for an unknown path, 405 for a method that the path does not allow */
export function matchRoute(method: string, path: string): MatchedRoute {
  const ofPath = ROUTES.flatMap((route) => {
    const match = patternOf(route.resource).exec(path);
    return match ? [{ route, pathParameters: match.groups ? { ...match.groups } : null }] : [];
  });
  const matched = ofPath.find(({ route }) => route.method === method);
  if (matched) return matched;
  if (ofPath.length === 0) throw new HttpProblem(404, `There is nothing at ${path}: see /logs`);
  const allow = ofPath.map(({ route }) => route.method).join(', ');
  throw new HttpProblem(405, `${path} allows ${allow}, not ${method}`, { headers: { Allow: allow } });
}

/** What Lambda tells a function about a call, as far as it is known outside Lambda. */
export function lambdaContext(functionName: string): Context {
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

/** `/logs/{id}` matches one segment that is not empty. */
function patternOf(resource: string): RegExp {
  return new RegExp(`^${resource.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
}

function mapValues<In, Out>(record: Record<string, In>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}

function toObject<Value>(names: string[], read: (name: string) => Value): Record<string, Value> | null {
  return names.length === 0 ? null : Object.fromEntries(names.map((name) => [name, read(name)]));
}
